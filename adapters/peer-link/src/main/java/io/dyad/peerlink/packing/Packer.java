package io.dyad.peerlink.packing;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Compressor;

/** Turns payloads into runs. One thread; what it returns is good until the next call. Layout: {@link Packing}. */
public final class Packer {
    private static final int GIVE_UP_AFTER = 32;
    private static final int TRY_EVERY = 8;
    private static final byte[] ZERO_BLOCK = new byte[Packing.BLOCK_BYTES];
    private final LZ4Compressor lz4 = Lz4.CODEC.fastCompressor();
    private final SentBlocks sent;
    private byte[] plain = new byte[0];
    private ByteBuffer out = ByteBuffer.allocate(0);
    private int kind;
    private int begin;
    private int headerAt;
    private int inVain;

    /** {@code kept}: how many blocks both ends keep. */
    public Packer(int kept, HeldBudget budget) { sent = new SentBlocks(kept, budget); }

    /** The payload packed, its length before it. The payload's position does not move. */
    public ByteBuffer pack(ByteBuffer payload) {
        int bytes = payload.remaining();
        makeRoom(bytes);
        payload.duplicate().get(plain, 0, bytes);
        out.clear().position(Integer.BYTES);
        begin = 0;
        for (int at = 0; at < bytes; at += Packing.BLOCK_BYTES) add(at, Math.min(Packing.BLOCK_BYTES, bytes - at));
        close(bytes);
        return out.putInt(0, out.position() - Integer.BYTES).flip();
    }

    /** Nothing is packed any more. */
    public void end() { sent.end(); }

    private void makeRoom(int bytes) {
        if (plain.length >= bytes) return;
        int size = Integer.highestOneBit(Math.max(bytes, 2) - 1) << 1;
        plain = new byte[size];
        out = ByteBuffer.allocate(Integer.BYTES + Packing.limit(lz4.maxCompressedLength(size)));
    }

    private void add(int at, int length) {
        if (length < Packing.BLOCK_BYTES) {
            enter(Packing.PLAIN, at);
        } else if (Arrays.equals(plain, at, at + length, ZERO_BLOCK, 0, length)) {
            enter(Packing.ZEROES, at);
        } else if (!sent.any()) {
            enter(Packing.PLAIN, at);
        } else {
            int slot = sent.slotOrSent(plain, at);
            enter(slot == SentBlocks.NOT_KEPT ? Packing.PLAIN : Packing.AGAIN, at);
            if (slot != SentBlocks.NOT_KEPT) out.putInt(slot);
        }
    }

    /** What comes at this place goes into a run of this kind: the open one, or a new one. */
    private void enter(int next, int at) {
        if (at > 0 && next == kind) return;
        close(at);
        kind = next;
        begin = at;
        headerAt = out.position();
        if (next == Packing.AGAIN) out.putInt(0);
    }

    private void close(int end) {
        int bytes = end - begin;
        if (bytes == 0) return;
        switch (kind) {
            case Packing.AGAIN -> out.putInt(headerAt, Packing.run(Packing.AGAIN, bytes));
            case Packing.ZEROES -> out.putInt(Packing.run(Packing.ZEROES, bytes));
            default -> literal(bytes);
        }
    }

    /** Compressed when that saves a sixteenth at least; where it never does it is only tried now and then. */
    private void literal(int bytes) {
        int at = headerAt + 2 * Integer.BYTES;
        boolean tried = inVain < GIVE_UP_AFTER || inVain % TRY_EVERY == 0;
        int compressed = tried ? lz4.compress(plain, begin, bytes, out.array(), at, out.capacity() - at) : bytes;
        boolean saves = compressed <= bytes - bytes / 16 - Integer.BYTES;
        inVain = saves ? 0 : inVain + 1;
        if (saves) out.putInt(Packing.run(Packing.LZ4, bytes)).putInt(compressed).position(at + compressed);
        else out.putInt(Packing.run(Packing.PLAIN, bytes)).put(plain, begin, bytes);
    }
}
