package io.dyad.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.EventLog.Cause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a host waits for its target to come along. */
class ProgressTest {
    private static final Cause TEST = new Cause("test", "test");
    private static final long MILLISECOND_NS = 1_000_000L;
    private Cluster cluster;
    private Progress progress;

    @BeforeEach void open(@TempDir Path dir) throws IOException {
        cluster = Cluster.at(dir).open();
        var id = cluster.createVolume(NewVolume.of("v", cluster.addAccount("ann", TEST).id(), 1L << 30).withAccess(Access.READ_WRITE), TEST).volume().id();
        progress = new Progress(((HostedVolume) cluster.open(id)).volume().synchrony(), Set.of());
    }

    @AfterEach void close() { cluster.close(); }

    @Test void a_throttled_write_waits_no_longer_than_it_may() {
        long before = System.nanoTime();
        progress.await(() -> false, 30 * MILLISECOND_NS);
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(30 * MILLISECOND_NS);
    }
}
