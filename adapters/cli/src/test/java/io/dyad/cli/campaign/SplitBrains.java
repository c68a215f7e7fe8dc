package io.dyad.cli.campaign;

import io.dyad.cli.history.HistoryWriter;
import io.dyad.cli.history.StampedHost;
import io.dyad.cli.history.StampedHost.Place;
import java.io.IOException;
import java.nio.file.Path;

/** Two hosts write to both ends while the link is cut; then one end's content is chosen, and nothing of the other's is lost unseen. */
final class SplitBrains extends Campaign {
    private static final int BLOCKS = 2048;
    private int forks;

    SplitBrains(MirroredPair pair, Path dir, long seed, Score score) throws IOException { super(pair, dir, BLOCKS, seed, score); }

    @Override void round() throws Exception {
        try (StampedHost host = host()) {
            awaitWrites(host, 100);
            pair.link.sever();
            awaitWrites(host, 32);
        }
        HistoryWriter other = history.fork(history.file().resolveSibling("history" + ++forks), random.nextLong());
        pair.target().access("readWrite");
        try (StampedHost here = host(); StampedHost there = host(other, () -> new Place(pair.target().volume(), true))) {
            awaitWrites(here, 64);
            awaitWrites(there, 64);
        }
        judge("one side of the split", pair.atSource(history.file()), history, WHOLE);
        judge("the other side of the split", MirroredPair.read(pair.target().volume(), other.file()), other, WHOLE);
        pair.link.heal();
        boolean otherWins = random.nextBoolean();
        HistoryWriter loser = otherWins ? history : other;
        if (otherWins) pair.reversed();
        long older = MirroredPair.lastKept(pair.target());
        pair.failover("--to", pair.labelOfSource());
        history = otherWins ? other : history;
        moveHost(false);
        score.count(otherWins ? "new end chosen" : "old end chosen");
        judge("what the loser had", pair.keptByTarget(loser.file(), older), loser, WHOLE);
        loser.close();
        pair.awaitEqual();
        judge("the end that follows", pair.atTarget(history.file()), WHOLE);
        judgeSource("the end that was chosen");
    }
}
