package io.dyad.cli.campaign;

import io.dyad.cli.history.StampedHost;
import java.io.IOException;
import java.nio.file.Path;

/** Planned and unplanned failovers by the command that operators use, and back, under a host that follows. */
final class Failovers extends Campaign {
    private static final int BLOCKS = 4096;

    Failovers(MirroredPair pair, Path dir, long seed, Score score) throws IOException { super(pair, dir, BLOCKS, seed, score); }

    @Override void round() throws Exception {
        if (random.nextInt(3) > 0) planned();
        else unplanned();
    }

    private void planned() throws Exception {
        try (StampedHost host = host()) {
            awaitWrites(host, 100);
            int before = host.connections();
            pair.failover();
            pair.reversed();
            moveHost(false);
            pair.await("the host follows", () -> host.connections() > before || !host.failures().isEmpty());
            awaitWrites(host, 100);
        }
        score.count("planned");
        judgeTarget("after a planned failover");
        pair.awaitEqual();
        judgeSource("after a planned failover");
    }

    /** The source dies; when it is back it follows the survivor. */
    private void unplanned() throws Exception {
        StampedHost host = host();
        try (host) {
            awaitWrites(host, 100);
            pair.source().kill();
            judgeTarget("when the source is gone");
            pair.failover();
            pair.reversed();
            moveHost(true);
            awaitWrites(host, 100);
            pair.target().restart();
            moveHost(false);
            pair.failover("--to", pair.labelOfSource());
            awaitWrites(host, 50);
        }
        score.count("unplanned");
        judgeTarget("after the old source follows");
        pair.awaitEqual();
        judgeSource("after an unplanned failover");
    }
}
