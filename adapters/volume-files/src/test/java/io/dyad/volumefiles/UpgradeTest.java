package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static io.dyad.volumefiles.VolumeStoreContract.filled;
import static io.dyad.volumefiles.VolumeStoreContract.valueAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.VolumeId;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A volume as the first release left it. */
class UpgradeTest {
    private static final VolumeId ID = new VolumeId(1);
    private static final int BLOCKS = 3000;
    private final LossyFiles files = new LossyFiles();
    private final Path home = Path.of("store", "volume-1");

    /** Written by hand, as the first format was drawn: block 2500 has data, the mark is one byte. */
    @BeforeEach void writesTheFirstFormat() throws IOException {
        ByteBuffer data = filled(25, BLOCK_BYTES);
        CRC32C crc = new CRC32C();
        crc.update(data.duplicate());
        write("layer-0.data", "DYADdata", 4096 + 2500L * BLOCK_BYTES, data);
        write("layer-0.map", "DYADmap ", 4096 + 2500 * 4, ByteBuffer.allocate(4).putInt((int) crc.getValue()).flip());
        ByteBuffer sector = ByteBuffer.allocate(512);
        sector.putInt(504, checksum(sector, 504));
        write("intents", "DYADintt", 512, sector);
        ByteBuffer manifest = ByteBuffer.allocate(16 + 33 + 4).put(header("DYADmani"));
        manifest.putLong((long) BLOCKS * BLOCK_BYTES).putLong(1).putInt(1).putLong(0).putInt(1).put((byte) 42);
        manifest.putInt(checksum(manifest, manifest.position())).flip();
        files.open(home.resolve("manifest")).write(0, manifest);
        files.open(home.resolve("journal-0")).write(0, header("DYADjour"));
    }

    private void write(String name, String magic, long at, ByteBuffer bytes) throws IOException {
        FileLayer.Handle file = files.open(home.resolve(name));
        file.write(0, header(magic));
        file.write(at, bytes);
    }

    private static ByteBuffer header(String magic) {
        ByteBuffer header = ByteBuffer.allocate(16).put(magic.getBytes(StandardCharsets.US_ASCII)).putInt(1);
        return header.putInt(checksum(header, 12)).flip();
    }

    private static int checksum(ByteBuffer bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, length);
        return (int) crc.getValue();
    }

    private StoredVolume opened() throws IOException { return FileVolumeStore.open(files, Path.of("store")).open(ID); }

    @Test void opensWithItsContentAndTakesSnapshots() throws IOException {
        for (int round = 1; round <= 2; round++) {
            try (StoredVolume volume = opened()) {
                assertThat(volume.memo().mark()).containsExactly(42);
                assertThat(valueAt(volume.disk(), 2500)).isEqualTo(25);
                assertThat(volume.disk().extentAt(0, volume.disk().sizeBytes()).lengthBytes()).isEqualTo(2500L * BLOCK_BYTES);
                volume.journal().append(1, filled(1, 1000));
                volume.journal().reset();
                volume.snapshots().take(new UUID(0, round));
            }
        }
    }

    @Test void refusesAJournalThatItsReleaseDidNotEmpty() throws IOException {
        files.open(home.resolve("journal-0")).write(16, ByteBuffer.allocate(100));
        assertThatThrownBy(this::opened).hasMessageContaining("journal-0 has format version 1 and is not empty");
    }

    @Test void everyStopOnTheWayLeavesAVolumeThatOpens() throws IOException {
        int calls = 0;
        do {
            files.stopAfter(++calls);
            try (StoredVolume volume = opened()) {
                assertThat(volume.disk().sizeBytes()).isPositive();
            } catch (IOException stopped) {
                assertThat(stopped).isInstanceOf(LossyFiles.Stopped.class);
            }
            files.kill();
            try (StoredVolume volume = opened()) {
                assertThat(valueAt(volume.disk(), 2500)).isEqualTo(25);
            }
            files.kill();
        } while (calls < 12);
    }

    /** A data file of the first format holds everything itself; growing over 8 TiB it becomes the first of its parts. */
    @Test void growsOverWhatOneFileMayHold() throws IOException {
        long last = (16L << 40) - BLOCK_BYTES;
        try (StoredVolume volume = opened()) {
            volume.disk().grow(16L << 40);
            volume.disk().write(last, filled(77, BLOCK_BYTES));
        }
        try (StoredVolume volume = opened()) {
            assertThat(valueAt(volume.disk(), 2500)).isEqualTo(25);
            assertThat(valueAt(volume.disk(), last / BLOCK_BYTES)).isEqualTo(77);
        }
        assertThat(files.sizeOf(home.resolve("layer-0.data"))).isLessThan(9L << 40);
    }

    @Test void aLongDataFileOfTheFirstFormatStaysOne() throws IOException {
        Path one = home.resolve("layer-9.data");
        long at = 10L << 40;
        write("layer-9.data", "DYADdata", 4096 + at, filled(9, BLOCK_BYTES));
        try (DataFile data = DataFile.open(files, one, 12L << 40)) {
            data.resize(13L << 40);
            ByteBuffer found = ByteBuffer.allocate(BLOCK_BYTES);
            data.read(at, found);
            assertThat(found.flip()).isEqualTo(filled(9, BLOCK_BYTES));
            data.write(at + BLOCK_BYTES, filled(8, BLOCK_BYTES));
        }
        assertThat(files.list(home)).doesNotContain(home.resolve("layer-9.data-1"));
    }
}
