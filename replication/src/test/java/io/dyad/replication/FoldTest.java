package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Layers that fold on a disk that takes long. */
class FoldTest {
    @Test void hosts_write_while_a_fold_waits_for_the_disk() throws IOException {
        MemoryVolume disk = new MemoryVolume(64L << 20);
        ReplicatedVolume volume = ReplicatedVolume.open(new VolumeId(1), disk, new Shared(new RingBudget(1 << 20)));
        volume.host().admit(HostSide.Admission.WRITE);
        CompletableFuture<Void> written = new CompletableFuture<>();
        disk.beforeFold = () -> CompletableFuture.runAsync(() -> {
            try {
                volume.host().write(0, ByteBuffer.allocate(BLOCK_BYTES).put(0, (byte) 7), false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).orTimeout(10, TimeUnit.SECONDS).whenComplete((done, failed) -> written.complete(null)).join();
        assertThat(volume.fold()).isFalse();
        assertThat(written).isCompleted();
        assertThat(disk.block(0)[0]).isEqualTo((byte) 7);
    }
}
