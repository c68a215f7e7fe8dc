package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks;
import io.dyad.replication.Disk;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.VolumeStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One volume of a store on the bench of a contract: made before each test, closed after it. */
abstract class StoredVolumeBench {
    static final VolumeId ID = new VolumeId(7);
    static final int MB = 1 << 20;
    static final long SIZE = 10L * MB;

    VolumeStore store;
    StoredVolume volume;
    Disk disk;

    /** A new, empty store; it stays the same for one test. */
    abstract VolumeStore emptyStore() throws IOException;

    @BeforeEach void createsAVolume() throws IOException {
        store = emptyStore();
        volume = store.create(ID, SIZE);
        disk = volume.disk();
    }

    @AfterEach void closesTheVolume() throws IOException { volume.close(); }

    void reopen() throws IOException {
        volume.close();
        volume = store.open(ID);
        disk = volume.disk();
    }

    static ByteBuffer filled(int value, int bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
        while (buffer.hasRemaining()) buffer.put((byte) value);
        return buffer.flip();
    }

    void put(long block, int value) throws IOException { disk.write(block * BLOCK_BYTES, filled(value, BLOCK_BYTES)); }

    static int valueAt(Blocks blocks, long block) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(BLOCK_BYTES);
        blocks.read(block * BLOCK_BYTES, into);
        assertThat(into.hasRemaining()).isFalse();
        for (int i = 1; i < BLOCK_BYTES; i++) assertThat(into.get(i)).isEqualTo(into.get(0));
        return into.get(0);
    }

    void foldAll() throws IOException {
        int steps = 0;
        while (volume.layers().fold(64)) assertThat(steps++).isLessThan(10_000);
    }
}
