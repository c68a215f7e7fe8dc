package io.dyad.replication;

import io.dyad.replication.WriteRing.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Streams the writes that the ring holds, in order, and forgets them when they are durable on the target. */
final class StreamShipper {
    private final ReplicatedVolume volume;
    private final Outlet outlet;
    private long sentSeq;
    private long durableSeq;
    private long targetSeq;
    private long flushedSeq;
    private boolean caughtUp;
    private int markersSent;

    StreamShipper(ReplicatedVolume volume, Outlet outlet) {
        this.volume = volume;
        this.outlet = outlet;
    }

    /** The target is about to hold everything up to {@code seq}; what follows will be streamed. */
    void from(long seq) {
        sentSeq = durableSeq = flushedSeq = seq;
        markersSent = 0;
        caughtUp = false;
    }

    /** The target holds everything up to where the stream begins. */
    void begin() {
        targetSeq = volume.seq();
        caughtUp = durableSeq >= targetSeq;
    }

    /** Sends the next write, the snapshot that stands before it, or what a host's flush waits for; false when there is none. */
    boolean ship() throws LinkDownException {
        Optional<UUID> snapshot = volume.dueSnapshot(sentSeq, markersSent);
        if (snapshot.isPresent()) {
            outlet.send(Frame.of(FrameType.SNAPSHOT, sentSeq, 0, Names.of(List.of(snapshot.get()))));
            markersSent++;
            return true;
        }
        long wanted = volume.synchrony().wantedSeq();
        if (wanted > flushedSeq && sentSeq >= wanted) {
            outlet.send(Frame.of(FrameType.FLUSH, wanted));
            flushedSeq = wanted;
            return true;
        }
        Entry entry = volume.send(sentSeq + 1);
        if (entry == null) return false;
        ByteBuffer data = entry.data();
        outlet.send(data == null ? Frame.of(FrameType.ZERO, entry.seq(), entry.offsetBytes(), entry.lengthBytes())
            : Frame.of(FrameType.WRITE, entry.seq(), entry.offsetBytes(), data.duplicate()));
        sentSeq = entry.seq();
        if (data != null) volume.meter().shipped(entry.lengthBytes());
        return true;
    }

    /** The last write that is sent. */
    long sentSeq() { return sentSeq; }

    /** True while the target has not taken all the snapshots that were sent. */
    boolean awaitsSnapshot() { return markersSent > 0; }

    /** The target has taken a snapshot that was sent. */
    void taken() { markersSent = Math.max(0, markersSent - 1); }

    /** Everything up to {@code seq} is durable on the target. */
    void durable(long seq) {
        durableSeq = Math.max(durableSeq, seq);
        volume.durableUpTo(durableSeq);
        if (durableSeq >= targetSeq) caughtUp = true;
    }

    /** The last write the target holds durably. */
    long durableSeq() { return durableSeq; }

    /** True once the target has held everything since the stream began. */
    boolean caughtUp() { return caughtUp; }
}
