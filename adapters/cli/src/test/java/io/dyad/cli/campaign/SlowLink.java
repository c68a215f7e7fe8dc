package io.dyad.cli.campaign;

import io.dyad.cli.history.Finding;
import io.dyad.cli.history.StampedHost;
import java.io.IOException;
import java.nio.file.Path;

/** Everything is dirty and the link is slow: the target dies at random points of an epoch and keeps its last point; nothing crosses twice. */
final class SlowLink extends Campaign {
    private static final long BYTES_PER_SECOND = 24L << 20;
    private static final int KILLS = 3;
    /** Between the bursts of the host: what it writes meanwhile is so little that an epoch which began anew would be seen. */
    private static final long SELDOM_NS = 640_000_000L;
    /** What may be on its way to a target that dies: the window of a pipe. */
    private static final long IN_FLIGHT_BYTES = 16L << 20;

    SlowLink(MirroredPair pair, Path dir, int blocks, long seed, Score score) throws IOException { super(pair, dir, blocks, seed, score); }

    @Override void round() throws Exception {
        pair.link.sever();
        StampedHost.fill(history, pair.source().volume());
        Finding theirs = judgeTarget("before the slow link");
        long dirtyBytes = judgeSource("before the slow link").differing(theirs) * 4096L;
        score.count("times all " + (dirtyBytes >> 20) + " MiB dirty");
        pair.link.slow(BYTES_PER_SECOND);
        long before = pair.link.crossed();
        long payloadBefore = shippedBytes("Payload");
        pair.link.heal();
        StampedHost host = host(SELDOM_NS);
        try (host) {
            for (int kill = 0; kill < KILLS; kill++) {
                long until = before + dirtyBytes / (KILLS + 1) * (kill + 1) + random.nextLong(dirtyBytes / (2 * KILLS));
                pair.await("a part of the epoch has crossed", () -> pair.link.crossed() > until || pair.source().state().equals("Active"));
                pair.target().kill();
                pair.link.sever();
                pair.target().restart();
                judgeTarget("killed in the middle of an epoch");
                score.count("kills in an epoch");
                pair.link.heal();
            }
            awaitWrites(host, 64);
        }
        pair.link.slow(Long.MAX_VALUE);
        pair.awaitEqual();
        hold("after the slow link", dirtyBytes + host.writtenBytes(), KILLS * IN_FLIGHT_BYTES, shippedBytes("Payload") - payloadBefore, 0);
        judge("after the slow link", pair.atTarget(history.file()), WHOLE);
    }
}
