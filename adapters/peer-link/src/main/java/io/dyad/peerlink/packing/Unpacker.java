package io.dyad.peerlink.packing;

import io.dyad.replication.BadFrameException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Exception;

/** Turns runs back into a payload and believes nothing: it makes exactly the bytes announced, or none. One thread. Layout: {@link Packing}. */
public final class Unpacker {
    private final KeptBlocks kept;
    private byte[] plain = new byte[0];

    /** {@code kept}: how many blocks both ends keep. */
    public Unpacker(int kept, HeldBudget budget) { this.kept = new KeptBlocks(kept, budget); }

    /** Fills {@code into} up to its limit from all of {@code packed}, which has an array. */
    public void unpack(ByteBuffer packed, ByteBuffer into) throws BadFrameException {
        int wanted = into.remaining();
        if (plain.length < wanted) plain = new byte[wanted];
        int at = 0;
        while (packed.hasRemaining()) {
            int run = word(packed);
            int bytes = Packing.bytes(run);
            if (bytes == 0 || bytes > wanted - at) throw new BadFrameException("a run of " + bytes + " bytes where " + (wanted - at) + " are missing");
            switch (Packing.kind(run)) {
                case Packing.ZEROES -> Arrays.fill(plain, at, at + bytes, (byte) 0);
                case Packing.PLAIN -> plain(packed, at, bytes);
                case Packing.LZ4 -> compressed(packed, at, bytes);
                case Packing.AGAIN -> again(packed, at, bytes);
                default -> throw new BadFrameException("unknown kind of run " + Packing.kind(run));
            }
            at += bytes;
        }
        if (at != wanted) throw new BadFrameException("a packed payload ends " + (wanted - at) + " bytes early");
        into.put(plain, 0, wanted);
    }

    /** Nothing comes any more. */
    public void end() { kept.end(); }

    private static int word(ByteBuffer packed) throws BadFrameException {
        need(packed, Integer.BYTES);
        return packed.getInt();
    }

    private static void need(ByteBuffer packed, int bytes) throws BadFrameException {
        if (packed.remaining() < bytes) throw new BadFrameException("a run is cut short");
    }

    private void plain(ByteBuffer packed, int at, int bytes) throws BadFrameException {
        need(packed, bytes);
        packed.get(plain, at, bytes);
        keep(at, bytes);
    }

    private void compressed(ByteBuffer packed, int at, int bytes) throws BadFrameException {
        int length = word(packed);
        if (length <= 0 || length > packed.remaining()) throw new BadFrameException("an LZ4 block of " + length + " bytes where " + packed.remaining() + " came");
        int made;
        try {
            made = Lz4.CODEC.safeDecompressor().decompress(packed.array(), packed.arrayOffset() + packed.position(), length, plain, at, bytes);
        } catch (LZ4Exception e) {
            throw new BadFrameException("an LZ4 block is damaged");
        }
        if (made != bytes) throw new BadFrameException("an LZ4 block holds " + made + " bytes, not " + bytes);
        packed.position(packed.position() + length);
        keep(at, bytes);
    }

    private void keep(int at, int bytes) {
        if (!kept.any()) return;
        for (int done = 0; done + Packing.BLOCK_BYTES <= bytes; done += Packing.BLOCK_BYTES) kept.keep(plain, at + done);
    }

    private void again(ByteBuffer packed, int at, int bytes) throws BadFrameException {
        if (bytes % Packing.BLOCK_BYTES != 0) throw new BadFrameException("a part of a block again");
        need(packed, bytes / Packing.BLOCK_BYTES * Packing.REFERENCE_BYTES);
        for (int done = 0; done < bytes; done += Packing.BLOCK_BYTES) {
            int slot = packed.getInt();
            if (!kept.has(slot)) throw new BadFrameException("block " + slot + " is not kept");
            kept.copy(slot, plain, at + done);
        }
    }
}
