package io.dyad.testkit.sim;

import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One end of a pipe with delay and a limited speed. When it ends, what was on its way is lost from some frame on. */
final class SimPipe implements FramePipe {
    private final Scheduler time;
    private final SimCluster owner;
    private final BooleanSupplier alive;
    private final double nsPerByte;
    private final long latencyNs;
    private @Nullable SimPipe other;
    private @Nullable Receiver ear;
    private long freeNs;
    private long lostFromNs = Long.MAX_VALUE;
    private boolean closed;

    private SimPipe(Scheduler time, SimCluster owner, double nsPerByte, long latencyNs) {
        this.time = time;
        this.owner = owner;
        this.alive = owner.alive();
        this.nsPerByte = nsPerByte;
        this.latencyNs = latencyNs;
    }

    /** The two ends of a new pipe; the first is {@code near}'s. */
    static SimPipe[] between(Scheduler time, SimCluster near, SimCluster far, double nsPerByte, long latencyNs) {
        SimPipe one = new SimPipe(time, near, nsPerByte, latencyNs);
        SimPipe two = new SimPipe(time, far, nsPerByte, latencyNs);
        one.other = two;
        two.other = one;
        return new SimPipe[] {one, two};
    }

    void listen(Receiver receiver) { ear = receiver; }

    boolean isClosed() { return closed; }

    SimCluster owner() { return owner; }

    private SimPipe far() { return java.util.Objects.requireNonNull(other); }

    @Override public void send(Frame frame) throws LinkDownException {
        owner.tick();
        if (closed) throw new LinkDownException("the pipe is closed");
        byte[] bytes = new byte[frame.payload().remaining()];
        frame.payload().duplicate().get(bytes);
        SimPipe to = far();
        freeNs = Math.max(freeNs, time.nowNs()) + (long) (frame.wireBytes() * nsPerByte);
        long arrivesNs = freeNs + latencyNs;
        Frame copy = new Frame(frame.type(), frame.number(), frame.offsetBytes(), frame.lengthBytes(), ByteBuffer.wrap(bytes), () -> Arrays.fill(bytes, (byte) 0xDE));
        time.at(arrivesNs, to.alive, () -> {
            if (arrivesNs < lostFromNs && to.ear != null) to.ear.frame(copy);
        });
    }

    @Override public void close() { end("closed"); }

    /** Ends both ends; each direction loses what would have arrived after some moment. */
    void end(String why) {
        if (closed) return;
        for (SimPipe end : new SimPipe[] {this, far()}) {
            end.closed = true;
            long lastNs = Math.max(time.nowNs(), end.freeNs + 2 * end.latencyNs);
            end.lostFromNs = switch (time.upTo(2)) {
                case 0  -> time.nowNs();
                case 1  -> time.between(time.nowNs(), lastNs);
                default -> lastNs;
            };
        }
        for (SimPipe end : new SimPipe[] {this, far()})
            time.at(end.far().lostFromNs + 1, end.alive, () -> {
                if (end.ear != null) end.ear.closed(why);
            });
    }
}
