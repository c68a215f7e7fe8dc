package io.dyad.replication;

import java.io.IOException;

/** Takes in streamed writes: they are journalled, made durable together, and applied. */
final class StreamReceiver {
    private static final long SETTLE_EVERY_BYTES = 64 << 20;
    private final ReplicatedVolume volume;
    private final StreamBatch batch = new StreamBatch();
    /** Not 0 at first: an earlier session may have left batches behind, which must never come back over what this one brings. */
    private long journalBytes = 1;
    private long durableSeq;

    StreamReceiver(ReplicatedVolume volume) { this.volume = volume; }

    void take(Frame frame, boolean data) throws IOException {
        volume.requireInside(frame);
        if (!batch.fits(data ? frame.lengthBytes() : 0)) commit();
        batch.add(frame.number(), frame.offsetBytes(), frame.lengthBytes(), data ? frame.payload() : null);
    }

    /** Makes durable and applies what has come; false when nothing was waiting. */
    boolean commit() throws IOException {
        if (batch.isEmpty()) return false;
        long last = batch.lastSeq();
        journalBytes += batch.commit(volume);
        durableSeq = last;
        if (journalBytes >= SETTLE_EVERY_BYTES) settle();
        return true;
    }

    /** Brings the journal's content to the disk for good, so that nothing older can come back over what follows. */
    void settle() throws IOException {
        commit();
        if (journalBytes == 0) return;
        volume.flush();
        volume.journal().reset();
        journalBytes = 0;
    }

    /** The last streamed write that is durable here. */
    long durableSeq() { return durableSeq; }
}
