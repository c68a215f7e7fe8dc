package io.dyad.cli;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What one writer wrote to a disk and what of it was promised: the judge of what is read back. It knows nothing of the product.
 *
 * <p>Each write of a block has a version of its own, growing over the whole disk, and the block's content is made from its number
 * and that version alone. So a block that is read names its version, and must hold one between the last that was promised
 * (flushed, or written through) and the last that was sent.
 */
final class History {
    static final int BLOCK_BYTES = 4096;

    /** One block of one write request. */
    record Stamp(int block, long version) {
        ByteBuffer content() {
            ByteBuffer content = ByteBuffer.allocate(BLOCK_BYTES).putLong(block).putLong(version);
            SplittableRandom noise = new SplittableRandom(31 * version + block);
            while (content.hasRemaining()) content.putLong(noise.nextLong());
            return content.flip();
        }
    }

    private final long[] promised;
    private final long[] sent;
    private List<Stamp> acknowledged = new ArrayList<>();
    private long version;

    History(int blocks) {
        promised = new long[blocks];
        sent = new long[blocks];
    }

    /** Before the request leaves. */
    synchronized Stamp send(int block) {
        sent[block] = ++version;
        return new Stamp(block, version);
    }

    /** Its answer has come; {@code through}: it was a write with FUA. */
    synchronized void acknowledge(Stamp stamp, boolean through) {
        if (through) promise(stamp);
        else acknowledged.add(stamp);
    }

    /** What a flush that is sent now will promise once it is answered. */
    synchronized List<Stamp> flushing() {
        List<Stamp> covered = acknowledged;
        acknowledged = new ArrayList<>();
        return covered;
    }

    synchronized void flushed(List<Stamp> covered) { covered.forEach(this::promise); }

    private void promise(Stamp stamp) { promised[stamp.block()] = Math.max(promised[stamp.block()], stamp.version()); }

    /** How many blocks were ever sent. */
    synchronized int touched() {
        int count = 0;
        for (long each : sent) if (each > 0) count++;
        return count;
    }

    /** Says what is wrong with these blocks, read while nobody writes; a block that was seen may not go back later. */
    synchronized List<String> judge(String where, int first, ByteBuffer read) {
        List<String> wrong = new ArrayList<>();
        for (int block = first; read.hasRemaining(); block++) {
            ByteBuffer content = read.slice(read.position(), BLOCK_BYTES);
            read.position(read.position() + BLOCK_BYTES);
            long seen = content.getLong(8);
            boolean whole = content.equals(seen == 0 ? ByteBuffer.allocate(BLOCK_BYTES) : new Stamp(block, seen).content());
            if (!whole) wrong.add("%s: block %d is torn or of another place (says %d, version %d)".formatted(where, block, content.getLong(0), seen));
            else if (seen < promised[block]) wrong.add("%s: block %d holds version %d, promised was %d".formatted(where, block, seen, promised[block]));
            else if (seen > sent[block]) wrong.add("%s: block %d holds version %d, sent was %d".formatted(where, block, seen, sent[block]));
            else promised[block] = seen;
        }
        return wrong;
    }
}
