package io.dyad.testkit.sim;

import io.dyad.replication.BadFrameException;
import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One end of a pipe with delay and a limited speed, through which frames go as the bytes that the product makes of them. Bytes may
 * be held up, flipped, or end in the middle of a frame; when the pipe ends, what was on its way is lost from some frame on.
 */
final class SimPipe implements FramePipe {
    private final SimNetwork network;
    private final Scheduler time;
    private final SimCluster owner;
    private final Scheduler.Life life;
    private @Nullable SimPipe other;
    private @Nullable Receiver ear;
    private final Deque<byte[]> held = new ArrayDeque<>();
    private long freeNs;
    private long arrivedNs;
    private long lostFromNs = Long.MAX_VALUE;
    private boolean closed;
    /** What came was no frame: nothing after it can be read. */
    private boolean lost;

    private SimPipe(SimNetwork network, SimCluster owner) {
        this.network = network;
        this.time = network.time();
        this.owner = owner;
        this.life = owner.alive();
    }

    /** The two ends of a new pipe; the first is {@code near}'s. */
    static SimPipe[] between(SimNetwork network, SimCluster near, SimCluster far) {
        SimPipe one = new SimPipe(network, near);
        SimPipe two = new SimPipe(network, far);
        one.other = two;
        two.other = one;
        return new SimPipe[] {one, two};
    }

    void listen(Receiver receiver) { ear = receiver; }

    boolean isClosed() { return closed; }

    SimCluster owner() { return owner; }

    SimPipe far() { return java.util.Objects.requireNonNull(other); }

    @Override public void send(Frame frame) throws LinkDownException {
        owner.tick();
        if (closed) throw new LinkDownException("the pipe is closed");
        byte[] bytes = encoded(frame);
        network.sent(this, bytes);
        if (!held.isEmpty() || network.blocks(owner, far().owner)) held.add(bytes);
        else transmit(bytes);
    }

    private static byte[] encoded(Frame frame) {
        ByteBuffer bytes = ByteBuffer.allocate(frame.wireBytes());
        frame.putHeader(bytes);
        return bytes.put(frame.payload().duplicate()).array();
    }

    /** What the wire did not let through goes on its way now. */
    void unblock() {
        if (network.blocks(owner, far().owner)) return;
        held.forEach(this::transmit);
        held.clear();
    }

    private void transmit(byte[] sent) {
        byte[] bytes = network.damaged(sent);
        freeNs = Math.max(freeNs, time.nowNs()) + (long) (bytes.length * network.nsPerByte);
        arrivedNs = Math.max(arrivedNs, freeNs + network.delayNs());
        long arrivesNs = arrivedNs;
        SimPipe to = far();
        time.at(arrivesNs, to.life, () -> {
            if (arrivesNs < lostFromNs) to.take(bytes, !Arrays.equals(sent, bytes));
            else if (lostFromNs < Long.MAX_VALUE) to.take(Arrays.copyOf(bytes, time.upTo(bytes.length - 1)), true);
        });
    }

    /** Reads a frame as the product does; {@code spoilt}: these are not the bytes that were sent. */
    private void take(byte[] bytes, boolean spoilt) {
        Receiver to = ear;
        if (to == null || lost || bytes.length < Frame.HEADER_BYTES) return;
        Frame frame;
        try {
            ByteBuffer header = ByteBuffer.wrap(bytes, 0, Frame.HEADER_BYTES).slice();
            if (Frame.payloadBytes(header) > bytes.length - Frame.HEADER_BYTES) {
                lose("the rest of a frame never came");
                return;
            }
            ByteBuffer payload = ByteBuffer.wrap(bytes, Frame.HEADER_BYTES, Frame.payloadBytes(header)).slice();
            frame = Frame.parse(header, payload, () -> Arrays.fill(bytes, (byte) 0xDE));
        } catch (BadFrameException e) {
            if (!spoilt) throw new AssertionError("a frame that arrived as it was sent is refused", e);
            lose("bad frame");
            return;
        }
        if (spoilt) throw new AssertionError("a damaged frame was read as " + frame.type());
        to.frame(frame);
    }

    private void lose(String why) {
        lost = true;
        end(why);
    }

    @Override public void close() { end("closed"); }

    /** Ends both ends; each direction loses what would have arrived after some moment. */
    void end(String why) {
        if (closed) return;
        for (SimPipe end : new SimPipe[] {this, far()}) {
            end.closed = true;
            end.held.clear();
            long lastNs = Math.max(time.nowNs(), Math.max(end.freeNs, end.arrivedNs) + 1);
            end.lostFromNs = switch (time.upTo(2)) {
                case 0  -> time.nowNs();
                case 1  -> time.between(time.nowNs(), lastNs);
                default -> lastNs;
            };
        }
        for (SimPipe end : new SimPipe[] {this, far()})
            time.at(end.far().lostFromNs + 1, end.life, () -> {
                if (end.ear != null) end.ear.closed(why);
            });
    }
}
