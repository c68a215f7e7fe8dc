package io.dyad.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.cluster.VolumeBlocks;
import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.HostSide.Admission;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final int SIZE = 10 << 20;

    /** A volume in memory whose blocks count as allocated from {@code dataFrom} on. */
    private record Held(byte[] bytes, int dataFrom) implements VolumeBlocks {
        @Override public long sizeBytes() { return bytes.length; }

        @Override public void read(long offsetBytes, ByteBuffer into) { into.put(bytes, (int) offsetBytes, into.remaining()); }

        @Override public void push() { }

        @Override public long submit(long offsetBytes, ByteBuffer from) {
            from.get(bytes, (int) offsetBytes, from.remaining());
            return ACKNOWLEDGED;
        }

        @Override public long submitZeroes(long offsetBytes, long lengthBytes) { throw new UnsupportedOperationException(); }

        @Override public long acknowledged(long number) { return number; }

        @Override public boolean decided(long number) { return true; }

        @Override public AutoCloseable onDecided(Runnable told) { return () -> { }; }

        @Override public void flush() { }

        @Override public Extent extentAt(long offsetBytes, long endBytes) {
            boolean allocated = offsetBytes >= dataFrom;
            return new Extent(offsetBytes, (allocated ? endBytes : Math.min(endBytes, dataFrom)) - offsetBytes, allocated);
        }

        @Override public Admission admission() { return Admission.READ; }

        @Override public AutoCloseable onAccessChange(Runnable changed) { return () -> { }; }
    }

    @Test void equal_content_has_its_digest_however_it_is_allocated() throws Exception {
        byte[] content = new byte[SIZE];
        content[7 << 20] = 1;
        String expected = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        assertThat(new Comparison(new Held(content, 4096), new Held(content, 6 << 20)).sha256(done -> { })).isEqualTo(expected);
    }

    @Test void one_differing_byte_is_named() {
        byte[] other = new byte[SIZE];
        other[(5 << 20) + 17] = 1;
        assertThatThrownBy(() -> new Comparison(new Held(new byte[SIZE], SIZE), new Held(other, 5 << 20)).sha256(done -> { }))
            .isInstanceOf(DemoFailure.class).hasMessageContaining("block 1280, at byte 5242897");
    }

    @Test void different_sizes_are_not_identical() {
        assertThatThrownBy(() -> new Comparison(new Held(new byte[SIZE], 0), new Held(new byte[SIZE - 4096], 0)).sha256(done -> { })).hasMessageContaining("differ in size");
    }
}
