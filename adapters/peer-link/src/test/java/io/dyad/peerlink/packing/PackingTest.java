package io.dyad.peerlink.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.BadFrameException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What is packed comes out again, at the price it should have. */
final class PackingTest {
    private static final int BLOCK = Packing.BLOCK_BYTES;
    private static final int KEPT = 8;
    private final Random chance = new Random(11);
    private final HeldBudget budget = new HeldBudget(0);
    private final Packer packer = new Packer(KEPT, budget);
    private final Unpacker unpacker = new Unpacker(KEPT, budget);

    @Test void payloadsOfEveryKindOfBlockComeOutAsTheyWentInFrameAfterFrame() throws BadFrameException {
        byte[][] pool = new byte[3 * KEPT][];
        for (int i = 0; i < pool.length; i++) pool[i] = random(BLOCK);
        for (int frame = 0; frame < 400; frame++) {
            byte[] payload = mixed(pool, 1 + chance.nextInt(40), chance.nextInt(4) == 0 ? chance.nextInt(BLOCK) : 0);
            crosses(payload);
        }
    }

    @Test void aPayloadReadOnlyOrDirectKeepsItsPositionAndCrosses() throws BadFrameException {
        byte[] bytes = random(2 * BLOCK);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 1).position(1).put(bytes).position(1).asReadOnlyBuffer();
        assertThat(unpacked(packer.pack(direct), bytes.length)).isEqualTo(bytes);
        assertThat(direct.position()).isOne();
    }

    @Test void zeroesCostOneRun() { assertThat(packer.pack(ByteBuffer.allocate(256 * BLOCK)).remaining()).isEqualTo(2 * Integer.BYTES); }

    @Test void halfEmptyBlocksCostLittleMoreThanHalf() throws BadFrameException {
        byte[] payload = random(256 * BLOCK);
        for (int at = 0; at < payload.length; at += BLOCK) Arrays.fill(payload, at + BLOCK / 2, at + BLOCK, (byte) 'A');
        assertThat(crosses(payload)).isLessThan(payload.length * 52 / 100);
    }

    @Test void whatCompressesAfterMuchThatDidNotIsFoundOut() throws BadFrameException {
        for (int i = 0; i < 100; i++) crosses(random(BLOCK));
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < 8; i++) least = Math.min(least, crosses(repeated(random(64), BLOCK / 64)));
        assertThat(least).isLessThan(BLOCK / 2);
    }

    @Test void aBlockThatCrossedLatelyCostsAReference() throws BadFrameException {
        byte[] block = random(BLOCK);
        crosses(block);
        assertThat(crosses(block)).isEqualTo(2 * Integer.BYTES + Packing.REFERENCE_BYTES);
        assertThat(crosses(repeated(block, 4))).isEqualTo(2 * Integer.BYTES + 4 * Packing.REFERENCE_BYTES);
    }

    @Test void aRepeatWithinOnePayloadCostsAReference() throws BadFrameException {
        assertThat(crosses(repeated(random(BLOCK), 3))).isEqualTo(Integer.BYTES + 4 + BLOCK + 4 + 2 * Packing.REFERENCE_BYTES);
    }

    @Test void theOldestBlockIsForgottenWhenOneMoreComes() throws BadFrameException {
        byte[] first = random(BLOCK);
        byte[] second = random(BLOCK);
        crosses(first);
        crosses(second);
        crosses(random((KEPT - 1) * BLOCK));
        assertThat(crosses(second)).isLessThan(BLOCK);
        assertThat(crosses(first)).isGreaterThan(BLOCK);
    }

    @Test void twoBlocksOfOneChecksumAreTwoBlocks() throws BadFrameException {
        byte[] one = random(BLOCK);
        byte[] other = ofTheSameChecksum(one);
        for (byte[] block : List.of(one, other, one, other)) assertThat(crosses(block)).isGreaterThan(BLOCK);
        assertThat(crosses(other)).isLessThan(BLOCK);
    }

    @Test void memoryThatOnePipeGaveBackHoldsNothingForTheNext() throws BadFrameException {
        byte[] block = random(BLOCK);
        crosses(block);
        packer.end();
        unpacker.end();
        Packer next = new Packer(KEPT, budget);
        assertThat(new Unpacked(new Unpacker(KEPT, budget), next.pack(ByteBuffer.wrap(block)), BLOCK).bytes()).isEqualTo(block);
        assertThatThrownBy(() -> new Unpacker(KEPT, budget).unpack(ByteBuffer.allocate(8).putInt(Packing.run(Packing.AGAIN, BLOCK)).putInt(0).flip(), ByteBuffer.allocate(BLOCK)))
            .isInstanceOf(BadFrameException.class).hasMessageContaining("is not kept");
    }

    @Test void whoeverKeepsNothingIsNeverReferredTo() throws BadFrameException {
        byte[] block = random(BLOCK);
        Packer alone = new Packer(0, budget);
        for (int i = 0; i < 2; i++) assertThat(new Unpacked(new Unpacker(0, budget), alone.pack(ByteBuffer.wrap(block)), BLOCK).bytes()).isEqualTo(block);
    }

    @Test void theWorstPayloadStaysWithinTheLimit() throws BadFrameException {
        byte[] known = random(BLOCK);
        crosses(known);
        byte[] payload = random(64 * BLOCK + 100);
        for (int i = 0; i < 64; i += 2) System.arraycopy(known, 0, payload, i * BLOCK, BLOCK);
        assertThat(crosses(payload)).isLessThan(Packing.limit(payload.length));
        byte[] noise = random(64 * BLOCK + 100);
        assertThat(crosses(noise)).isBetween(noise.length, Packing.limit(noise.length));
    }

    /** CRC32C does not see its own polynomial. */
    private static byte[] ofTheSameChecksum(byte[] block) {
        byte[] other = block.clone();
        ByteBuffer bits = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
        bits.putLong(0, bits.getLong(0) ^ (0x82F63B78L << 1 | 1));
        assertThat(crc(other)).isEqualTo(crc(block));
        return other;
    }

    private static long crc(byte[] block) {
        CRC32C crc = new CRC32C();
        crc.update(block);
        return crc.getValue();
    }

    /** Returns what it took on the wire. */
    private int crosses(byte[] payload) throws BadFrameException {
        ByteBuffer packed = packer.pack(ByteBuffer.wrap(payload));
        int bytes = packed.remaining();
        assertThat(unpacked(packed, payload.length)).isEqualTo(payload);
        return bytes;
    }

    private byte[] unpacked(ByteBuffer packed, int bytes) throws BadFrameException { return new Unpacked(unpacker, packed, bytes).bytes(); }

    private record Unpacked(Unpacker by, ByteBuffer packed, int length) {
        byte[] bytes() throws BadFrameException {
            assertThat(packed.getInt()).isEqualTo(packed.remaining());
            ByteBuffer into = ByteBuffer.allocate(length);
            by.unpack(packed, into);
            assertThat(into.hasRemaining()).isFalse();
            return into.array();
        }
    }

    private byte[] mixed(byte[][] pool, int blocks, int tail) {
        byte[] payload = new byte[blocks * BLOCK + tail];
        for (int i = 0; i < blocks; i++) {
            byte[] block = switch (chance.nextInt(4)) {
                case 0 -> new byte[BLOCK];
                case 1 -> random(BLOCK);
                case 2 -> repeated(random(64), BLOCK / 64);
                default -> pool[chance.nextInt(pool.length)];
            };
            System.arraycopy(block, 0, payload, i * BLOCK, BLOCK);
        }
        System.arraycopy(random(tail), 0, payload, blocks * BLOCK, tail);
        return payload;
    }

    private byte[] random(int bytes) {
        byte[] made = new byte[bytes];
        chance.nextBytes(made);
        return made;
    }

    private static byte[] repeated(byte[] part, int times) {
        byte[] whole = new byte[part.length * times];
        for (int i = 0; i < times; i++) System.arraycopy(part, 0, whole, i * part.length, part.length);
        return whole;
    }
}
