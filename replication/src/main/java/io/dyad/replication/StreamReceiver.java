package io.dyad.replication;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes in a stream: acknowledges receipt batch by batch, and makes durable in groups: when the source asks, by bytes and by age. */
final class StreamReceiver {
    /** So much received and not durable is made durable without being asked. */
    static final long FORCE_AFTER_BYTES = 4 << 20;
    /** So old is what was received and is not durable at most, while the owner keeps stepping. */
    static final long FORCE_AFTER_NS = 20_000_000L;
    private final ReplicatedVolume volume;
    private final Intake intake;
    private final Inlet inlet;
    private long wantedSeq;
    private long unforcedSinceNs;
    private long toldSeq;

    StreamReceiver(ReplicatedVolume volume, Inlet inlet) {
        this.volume = volume;
        this.intake = volume.target().intake();
        this.inlet = inlet;
    }

    /** An epoch is committed: the stream begins behind it. */
    void begin() {
        wantedSeq = toldSeq = 0;
        intake.begin();
    }

    void take(Frame frame) throws IOException {
        Writes.require(frame.payload(), frame.number(), volume.sizeBytes());
        intake.take(frame.number(), frame.payload());
    }

    /** The source's host waits for everything up to {@code seq} to be durable here. */
    void wanted(long seq) { wantedSeq = Math.max(wantedSeq, seq); }

    /** What came is received; says so, {@code dry} when no more is waiting. False when nothing came. */
    boolean receive(boolean dry, long nowNs) throws IOException {
        boolean none = intake.unforcedBytes() == 0;
        intake.append();
        if (none) unforcedSinceNs = nowNs;
        if (toldSeq == intake.receivedSeq()) return false;
        toldSeq = intake.receivedSeq();
        inlet.received(toldSeq, dry);
        return true;
    }

    /** What is due to be made durable; null when nothing is, or while some is under way. */
    @Nullable Force force(long nowNs) throws IOException {
        boolean aged = mayForce() && nowNs - unforcedSinceNs >= FORCE_AFTER_NS;
        return aged || owesForce() ? intake.beginForce() : null;
    }

    private boolean mayForce() { return intake.unforcedBytes() > 0 && !intake.forcing(); }

    /** True when a {@link #force} is due that no time brings. */
    boolean owesForce() {
        boolean asked = wantedSeq > intake.durableSeq() && intake.receivedSeq() >= wantedSeq;
        return mayForce() && (asked || intake.unforcedBytes() >= FORCE_AFTER_BYTES);
    }

    /** When {@link #force} is due without anything coming, or never. */
    long dueNs(long neverNs) { return mayForce() ? unforcedSinceNs + FORCE_AFTER_NS : neverNs; }

    void settle() throws IOException { intake.settle(); }

    /** The last streamed write that is durable here. */
    long durableSeq() { return intake.durableSeq(); }
}
