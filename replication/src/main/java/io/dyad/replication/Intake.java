package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The streamed writes of a target on their way to its disk, in the source's order:
 *
 * <pre>
 *   gathered ──append──> received: in the journal, a killed process keeps it ──{@link Force}──> durable ──apply──> on the disk
 *                        goes on while a force is under way
 * </pre>
 *
 * Nothing is applied before it is durable in the journal, for a power cut must leave a prefix. The volume owns it, so that
 * what could not be applied at the end of a session is not forgotten by the next. One owner at a time.
 */
final class Intake {
    private static final long SETTLE_EVERY_BYTES = 64 << 20;
    private final TargetSide target;
    private final Journal journal;
    private final Scratch scratch;
    /** Wholly in the journal, each behind the one before. */
    private final ArrayDeque<StreamBatch> unapplied = new ArrayDeque<>();
    /** The last batch, while it takes more. */
    private @Nullable StreamBatch gathering;
    private @Nullable Group underWay;
    private long unforcedBytes;
    /** Not 0 at first: an earlier life may have left batches behind, which must never come back over what follows. */
    private long journalBytes = 1;
    private long receivedSeq;
    private long durableSeq;

    /**
     * What one force makes durable: everything up to {@code seq}, {@code bytes} more than the last. {@code settles}: the journal is to
     * be emptied then.
     */
    private record Group(long seq, long bytes, boolean settles) { }

    Intake(TargetSide target, Journal journal, Scratch scratch) {
        this.target = target;
        this.journal = journal;
        this.scratch = scratch;
    }

    /** The last streamed write that the journal holds. */
    long receivedSeq() { return receivedSeq; }

    /** The last streamed write that is durable here. */
    long durableSeq() { return durableSeq; }

    /** Bytes received that are neither durable nor being made so. */
    long unforcedBytes() { return unforcedBytes; }

    boolean forcing() { return underWay != null; }

    /** Another stream begins, whose source may number from elsewhere. */
    void begin() { receivedSeq = durableSeq = 0; }

    /** Takes in {@link Writes} of the stream, the last of them {@code lastSeq}. */
    void take(long lastSeq, ByteBuffer writes) throws IOException {
        if (writes.remaining() > StreamBatch.MOST_BYTES) throw new BadFrameException(writes.remaining() + " bytes of writes in one frame");
        if (gathering != null && !gathering.fits(writes)) seal();
        if (gathering == null) gathering = new StreamBatch(scratch);
        gathering.add(lastSeq, writes);
    }

    /** What was gathered is received. */
    void append() throws IOException {
        StreamBatch batch = gathering;
        if (batch == null) return;
        try {
            int bytes = batch.append(journal);
            if (bytes == 0) return;
            unforcedBytes += bytes;
            journalBytes += bytes;
            receivedSeq = batch.appendedSeq();
        } finally {
            if (batch.isEmpty()) {
                gathering = null;
                batch.release();
            }
        }
    }

    /** What was gathered is received, and waits to be applied. */
    private void seal() throws IOException {
        append();
        StreamBatch whole = gathering;
        gathering = null;
        if (whole != null) unapplied.add(whole);
    }

    /** Begins to make durable what was received. */
    Force beginForce() throws IOException {
        seal();
        Group begun = new Group(receivedSeq, unforcedBytes, journalBytes >= SETTLE_EVERY_BYTES);
        underWay = begun;
        unforcedBytes = 0;
        return new Force(() -> {
            journal.force();
            if (begun.settles) target.flush();           // of what was applied: little is left to flush when the journal is emptied
        }, failure -> forced(begun, failure));
    }

    /** That is durable now, and applied; or it failed. Nothing, if it was settled meanwhile. */
    private void forced(Group done, @Nullable IOException failure) throws IOException {
        if (underWay != done) return;
        underWay = null;
        if (failure != null) {
            unforcedBytes += done.bytes;
            throw failure;
        }
        durableSeq = done.seq;
        apply();
        if (done.settles) settle();
    }

    private void apply() throws IOException {
        for (StreamBatch next = unapplied.peek(); next != null && next.appendedSeq() <= durableSeq; next = unapplied.peek()) {
            next.apply(target);
            unapplied.remove();
            next.release();
        }
    }

    /** Brings the journal's content to the disk for good, so that nothing older can come back over what follows. */
    void settle() throws IOException {
        seal();
        if (unforcedBytes > 0 || underWay != null) {
            journal.force();
            underWay = null;
            unforcedBytes = 0;
            durableSeq = receivedSeq;
        }
        apply();
        if (!unapplied.isEmpty()) throw new IllegalStateException("the journal holds what is not applied, and would be emptied");
        if (journalBytes == 0) return;
        target.flush();
        target.reached(durableSeq);
        journal.reset();
        journalBytes = 0;
    }
}
