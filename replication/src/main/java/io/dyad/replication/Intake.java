package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The streamed writes of a target on their way to its disk, in the source's order:
 *
 * <pre>
 *   gathered ──append──> received: in the journal, a killed process keeps it ──force──> durable ──apply──> on the disk
 * </pre>
 *
 * Nothing is applied before it is durable in the journal, for a power cut must leave a prefix. The volume owns it, so that
 * what could not be applied at the end of a session is not forgotten by the next. One owner thread.
 */
final class Intake {
    private static final long SETTLE_EVERY_BYTES = 64 << 20;
    private final TargetSide target;
    private final Journal journal;
    private final Scratch scratch;
    private final ArrayDeque<StreamBatch> unapplied = new ArrayDeque<>();
    private @Nullable StreamBatch gathering;
    private long unforcedBytes;
    /** Not 0 at first: an earlier life may have left batches behind, which must never come back over what follows. */
    private long journalBytes = 1;
    private long receivedSeq;
    private long durableSeq;

    Intake(TargetSide target, Journal journal, Scratch scratch) {
        this.target = target;
        this.journal = journal;
        this.scratch = scratch;
    }

    /** The last streamed write that the journal holds. */
    long receivedSeq() { return receivedSeq; }

    /** The last streamed write that is durable here. */
    long durableSeq() { return durableSeq; }

    /** Bytes received and not yet durable. */
    long unforcedBytes() { return unforcedBytes; }

    /** Another stream begins, whose source may number from elsewhere. */
    void begin() { receivedSeq = durableSeq = 0; }

    /** Takes in {@link Writes} of the stream, the last of them {@code lastSeq}. */
    void take(long lastSeq, ByteBuffer writes) throws IOException {
        if (writes.remaining() > StreamBatch.MOST_BYTES) throw new BadFrameException(writes.remaining() + " bytes of writes in one frame");
        if (gathering != null && !gathering.fits(writes)) append();
        if (gathering == null) gathering = new StreamBatch(scratch);
        gathering.add(lastSeq, writes);
    }

    /** What was gathered is received. */
    void append() throws IOException {
        StreamBatch batch = gathering;
        if (batch == null) return;
        gathering = null;
        try {
            int bytes = batch.append(journal);
            unforcedBytes += bytes;
            journalBytes += bytes;
        } catch (IOException | RuntimeException e) {
            batch.release();
            throw e;
        }
        unapplied.add(batch);
        receivedSeq = batch.lastSeq();
    }

    /** What was received is durable, and applied. */
    void force() throws IOException {
        if (unforcedBytes > 0) {
            journal.force();
            unforcedBytes = 0;
            durableSeq = receivedSeq;
        }
        apply();
        if (journalBytes >= SETTLE_EVERY_BYTES) settle();
    }

    private void apply() throws IOException {
        for (StreamBatch next = unapplied.peek(); next != null; next = unapplied.peek()) {
            next.apply(target);
            unapplied.remove();
            next.release();
        }
    }

    /** Brings the journal's content to the disk for good, so that nothing older can come back over what follows. */
    void settle() throws IOException {
        append();
        if (unforcedBytes > 0) force();
        apply();
        if (journalBytes == 0) return;
        target.flush();
        target.reached(durableSeq);
        journal.reset();
        journalBytes = 0;
    }
}
