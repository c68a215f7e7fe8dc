package io.dyad.peerlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.peerlink.packing.HeldBudget;
import io.dyad.peerlink.packing.Packer;
import io.dyad.peerlink.packing.Packing;
import io.dyad.replication.BadFrameException;
import io.dyad.replication.Frame;
import io.dyad.replication.FrameType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames over a wire whose slowness is made up: what crosses packed, and what of it is believed. */
final class PackedFramesTest {
    private static final int PAYLOAD = 1 << 20;
    private static final int FRAMES = 48;
    private static final int KEPT = 1024;
    private final SlowWire wire = new SlowWire();
    private final Random chance = new Random(3);
    private final Outgoing outgoing = new Outgoing(wire, new HeldBudget(0), () -> wire.nowNs);
    private final Incoming incoming = new Incoming(wire, new BufferPool(), new HeldBudget(0));

    @Test void aSlowWireCarriesWhatCanBePackedInLessAndEachFrameComesOutWhole() throws IOException {
        wire.nsPerByte = 8;
        greet();
        long plain = 0;
        for (int i = 0; i < FRAMES; i++) {
            long before = wire.written.position();
            byte[] payload = halfEmpty();
            outgoing.send(Frame.of(FrameType.BLOCKS, i, (long) i * PAYLOAD, ByteBuffer.wrap(payload)));
            long took = wire.written.position() - before;
            if (i == FRAMES - 1) assertThat(took).isLessThan(PAYLOAD * 6 / 10);
            plain += Frame.HEADER_BYTES + PAYLOAD;
            arrives(i, payload);
        }
        assertThat((long) wire.written.position()).isLessThan(plain);
    }

    @Test void aFastWireCarriesEverythingPlain() throws IOException {
        wire.nsPerByte = .2;
        greet();
        allPlain();
    }

    @Test void nothingIsPackedForAnEndThatHasNotGreeted() throws IOException {
        wire.nsPerByte = 8;
        allPlain();
    }

    @Test void bothKeepWhatTheOneThatCanKeepLessHasSaid() throws IOException {
        for (int canKeep : new int[] {KEPT - 1, KEPT, KEPT + 1}) {
            wire.write(Packing.greeting(KEPT));
            assertThat(incoming.greeted(canKeep)).isEqualTo(Math.min(canKeep, KEPT));
        }
    }

    @Test void nothingLeavesOnceThePipeHasEnded() {
        outgoing.end();
        assertThatThrownBy(() -> outgoing.send(Frame.of(FrameType.BLOCKS, 1, 0, ByteBuffer.allocate(0)))).isInstanceOf(EOFException.class);
        assertThat(wire.written.position()).isZero();
    }

    @Test void aFlippedBitInAPackedPayloadIsABadFrame() throws IOException {
        byte[] noise = new byte[PAYLOAD];
        chance.nextBytes(noise);
        packedFrame(noise, new Packer(0, new HeldBudget(0)).pack(ByteBuffer.wrap(noise)));
        int middle = wire.written.position() / 2;
        wire.written.put(middle, (byte) (wire.written.get(middle) ^ 4));
        assertThatThrownBy(incoming::next).isInstanceOf(BadFrameException.class).hasMessageContaining("checksum");
    }

    @Test void aPackedLengthBeyondTheLimitIsABadFrameBeforeAnythingIsRead() {
        for (int length : new int[] {0, -1, Packing.limit(4096) + 1, Integer.MAX_VALUE}) {
            wire.clear();
            packedFrame(new byte[4096], ByteBuffer.allocate(4).putInt(length).flip());
            assertThatThrownBy(incoming::next).isInstanceOf(BadFrameException.class).hasMessageContaining("packed into " + length);
        }
    }

    @Test void unknownFlagsAreABadFrame() {
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
        Frame.of(FrameType.BLOCKS, 1, 0, ByteBuffer.allocate(4096)).putHeader(header);
        Frame.flags(header.flip(), 2);
        wire.write(header, ByteBuffer.allocate(4096));
        assertThatThrownBy(incoming::next).isInstanceOf(BadFrameException.class);
    }

    private void greet() throws IOException {
        wire.write(Packing.greeting(KEPT));
        outgoing.kept(incoming.greeted(2 * KEPT));
    }

    private void allPlain() throws IOException {
        for (int i = 0; i < FRAMES; i++) {
            byte[] payload = halfEmpty();
            int before = wire.written.position();
            outgoing.send(Frame.of(FrameType.BLOCKS, i, 0, ByteBuffer.wrap(payload)));
            assertThat(wire.written.position() - before).isEqualTo(Frame.HEADER_BYTES + PAYLOAD);
            arrives(i, payload);
        }
    }

    private void arrives(long number, byte[] payload) throws IOException {
        Frame frame = incoming.next();
        assertThat(frame.number()).isEqualTo(number);
        byte[] got = new byte[frame.payload().remaining()];
        frame.payload().get(got);
        assertThat(Arrays.equals(got, payload)).isTrue();
        frame.release();
    }

    private void packedFrame(byte[] payload, ByteBuffer packed) {
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER_BYTES);
        Frame.of(FrameType.BLOCKS, 1, 0, ByteBuffer.wrap(payload)).putHeader(header);
        Frame.flags(header.flip(), Packing.FLAG);
        wire.write(header, packed);
    }

    private byte[] halfEmpty() {
        byte[] payload = new byte[PAYLOAD];
        chance.nextBytes(payload);
        for (int at = 0; at < PAYLOAD; at += 4096) Arrays.fill(payload, at + 2048, at + 4096, (byte) 7);
        return payload;
    }

    /** Both ends of a wire in one: what is written is read; time passes as bytes are written. */
    private static final class SlowWire implements Wire {
        final ByteBuffer written = ByteBuffer.allocate(FRAMES * (PAYLOAD + 100));
        int taken;
        double nsPerByte;
        long nowNs;

        void clear() {
            written.clear();
            taken = 0;
        }

        @Override public void read(ByteBuffer into) throws IOException {
            int bytes = into.remaining();
            if (written.position() - taken < bytes) throw new EOFException("nothing more was written");
            into.put(into.position(), written, taken, bytes).position(into.limit());
            taken += bytes;
        }

        @Override public void write(ByteBuffer... parts) {
            for (ByteBuffer part : parts) {
                nowNs += (long) (part.remaining() * nsPerByte);
                written.put(part);
            }
        }

        @Override public String peerFingerprint() { return ""; }

        @Override public String peerAddress() { return "here"; }

        @Override public void close() { }
    }
}
