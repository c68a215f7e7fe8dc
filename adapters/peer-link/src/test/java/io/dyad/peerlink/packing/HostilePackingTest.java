package io.dyad.peerlink.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.BadFrameException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packed payloads nobody would make in good faith: each is refused, and not a byte beyond what was announced is made. */
final class HostilePackingTest {
    private static final int BLOCK = Packing.BLOCK_BYTES;
    private final Random chance = new Random(5);
    private final Unpacker unpacker = new Unpacker(4, new HeldBudget(0));

    @Test void anLz4BlockThatUnfoldsBeyondItsRun() {
        byte[] zeroes = new byte[1 << 20];
        byte[] bomb = Lz4.CODEC.fastCompressor().compress(zeroes);
        refuses(BLOCK, words(Packing.run(Packing.LZ4, BLOCK), bomb.length).put(bomb), "damaged");
    }

    @Test void anLz4BlockThatUnfoldsToLess() {
        byte[] half = Lz4.CODEC.fastCompressor().compress(new byte[BLOCK / 2]);
        refuses(BLOCK, words(Packing.run(Packing.LZ4, BLOCK), half.length).put(half), "holds 2048 bytes");
    }

    @Test void anLz4BlockLongerThanWhatCame() {
        refuses(BLOCK, words(Packing.run(Packing.LZ4, BLOCK), 100), "where 0 came");
        refuses(BLOCK, words(Packing.run(Packing.LZ4, BLOCK), -1), "where 0 came");
    }

    @Test void noise() {
        byte[] noise = new byte[200];
        chance.nextBytes(noise);
        refuses(BLOCK, words(Packing.run(Packing.LZ4, BLOCK), noise.length).put(noise), "LZ4");
    }

    @Test void aRunForMoreThanThePayload() { refuses(BLOCK, words(Packing.run(Packing.ZEROES, BLOCK + 1)), "where 4096 are missing"); }

    @Test void runsThatTogetherAreTooMany() { refuses(BLOCK, words(Packing.run(Packing.ZEROES, BLOCK), Packing.run(Packing.ZEROES, 1)), "where 0 are missing"); }

    @Test void aRunForNothing() { refuses(BLOCK, words(Packing.run(Packing.ZEROES, 0)), "a run of 0 bytes"); }

    @Test void tooLittle() { refuses(2 * BLOCK, words(Packing.run(Packing.ZEROES, BLOCK)), "ends 4096 bytes early"); }

    @Test void plainBytesThatDidNotCome() { refuses(BLOCK, words(Packing.run(Packing.PLAIN, BLOCK)).put(new byte[BLOCK - 1]), "cut short"); }

    @Test void halfAHeader() { refuses(BLOCK, words().put((byte) 0).put((byte) 0), "cut short"); }

    @Test void anUnknownKind() { refuses(BLOCK, words(Packing.run(4, BLOCK)), "unknown kind of run 4"); }

    @Test void aSlotNeverFilledOrBeyondAll() {
        for (int slot : new int[] {0, 4, -1, Integer.MAX_VALUE}) refuses(BLOCK, words(Packing.run(Packing.AGAIN, BLOCK), slot), "is not kept");
    }

    @Test void whoKeepsNothingKnowsNoSlot() throws BadFrameException {
        Unpacker forgetful = new Unpacker(0, new HeldBudget(0));
        forgetful.unpack(words(Packing.run(Packing.PLAIN, BLOCK)).put(new byte[BLOCK]).flip(), ByteBuffer.allocate(BLOCK));
        assertThatThrownBy(() -> forgetful.unpack(words(Packing.run(Packing.AGAIN, BLOCK), 0).flip(), ByteBuffer.allocate(BLOCK))).hasMessageContaining("is not kept");
    }

    @Test void aPartOfABlockAgain() { refuses(BLOCK, words(Packing.run(Packing.AGAIN, 100), 0), "a part of a block"); }

    @Test void referencesThatDidNotCome() { refuses(2 * BLOCK, words(Packing.run(Packing.AGAIN, 2 * BLOCK), 0), "cut short"); }

    @Test void anyDamageEndsInARefusalOrInExactlyTheBytesAnnounced() {
        Packer packer = new Packer(4, new HeldBudget(0));
        for (int i = 0; i < 3000; i++) {
            byte[] payload = new byte[3 * BLOCK];
            chance.nextBytes(payload);
            System.arraycopy(payload, 0, payload, BLOCK, BLOCK + BLOCK / 2);
            ByteBuffer packed = packer.pack(ByteBuffer.wrap(payload)).position(Integer.BYTES).slice();
            for (int flips = 0; flips < 3; flips++) {
                int at = chance.nextInt(Math.min(packed.limit(), 1 + chance.nextInt(packed.limit())));
                packed.put(at, (byte) (packed.get(at) ^ 1 << chance.nextInt(8)));
            }
            ByteBuffer into = ByteBuffer.allocate(payload.length + BLOCK).limit(payload.length);
            try {
                new Unpacker(4, new HeldBudget(0)).unpack(packed, into);
                assertThat(into.position()).isEqualTo(payload.length);
            } catch (BadFrameException e) {
                assertThat(into.position()).isZero();
            }
        }
    }

    @Test void aGreetingOfAnotherKindOrANegativePromise() {
        assertThatThrownBy(() -> Packing.greeted(ByteBuffer.allocate(8).putInt(7).putInt(1).flip())).isInstanceOf(BadFrameException.class);
        assertThatThrownBy(() -> Packing.greeted(Packing.greeting(-1))).isInstanceOf(BadFrameException.class);
    }

    @Test void aPromiseToKeepMoreThanAnyoneDoesIsTakenForTheMost() throws BadFrameException {
        assertThat(Packing.greeted(Packing.greeting(Integer.MAX_VALUE))).isEqualTo(KeptBlocks.MOST);
        assertThat(Packing.greeted(Packing.greeting(3))).isEqualTo(3);
    }

    private void refuses(int payloadBytes, ByteBuffer packed, String why) {
        ByteBuffer into = ByteBuffer.allocate(payloadBytes);
        assertThatThrownBy(() -> unpacker.unpack(packed.flip(), into)).isInstanceOf(BadFrameException.class).hasMessageContaining(why);
        assertThat(into.position()).isZero();
    }

    private static ByteBuffer words(int... words) {
        ByteBuffer made = ByteBuffer.allocate(1 << 16);
        for (int word : words) made.putInt(word);
        return made;
    }
}
