package io.dyad.peerlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.peerlink.packing.HeldBudget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SilenceTest {
    private static final PeerLinks.Timing IMPATIENT = new PeerLinks.Timing(Duration.ofMillis(20), Duration.ofMillis(300), Duration.ofSeconds(10),
        Duration.ofSeconds(10), Duration.ofMillis(10), Duration.ofMillis(100));
    @TempDir Path dir;

    @Test void aPeerThatStaysConnectedButSaysNothingIsDown() throws IOException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (Cluster starter = new Cluster(dir, "starter", s -> s.timing(IMPATIENT)); Cluster completer = new Cluster(dir, "completer", s -> s)) {
            UUID pair = UUID.randomUUID();
            completer.complete(Cluster.offer(pair, starter.network().offer(pair)));
            starter.network().keep(pair, completer.network().link(), false);
            Context mute = new Context(PeerLinks.Settings.of(completer.identity, completer.secretsDir, new InetSocketAddress(0)), completer,
                Secrets.open(completer.secretsDir), clock, new BufferPool(), new HeldBudget(1 << 10));
            Secrets.Shared shared = mute.secrets().shared(pair).orElseThrow();
            Wire wire = mute.dial(starter.network().link(), w -> Login.dial(w, Exchange.Hello.control(pair), shared, completer.identity)).wire();
            starter.awaitLink(true);
            long upNs = System.nanoTime();
            starter.awaitLink(false);
            assertThat(Duration.ofNanos(System.nanoTime() - upNs)).isBetween(Duration.ofMillis(100), Duration.ofSeconds(3));
            wire.close();
        } finally {
            clock.shutdownNow();
        }
    }
}
