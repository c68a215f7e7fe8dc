package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.Milestone;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Two ends of one pair on an in-memory pipe, stepped by hand; time passes only when a test says so. */
final class TwoEnds {
    static final long SIZE_BYTES = 64L << 20;
    private final Random dice = new Random(7);
    private UUID pair = new UUID(1, 1);
    private long ids;
    private long nowNs;
    final End a = new End(1);
    final End b = new End(2);

    record Resync(String reason, long blocks, long payloadBytes, long digestBytes) { }

    /** One end: its disk outlives its crashes. */
    final class End implements PairListener {
        final long number;
        final MemoryVolume disk = new MemoryVolume(SIZE_BYTES);
        final List<Resync> resyncs = new ArrayList<>();
        final List<UUID> shipped = new ArrayList<>();
        final List<UUID> arrived = new ArrayList<>();
        final List<UUID> kept = new ArrayList<>();
        final List<UUID> gone = new ArrayList<>();
        final List<String> failures = new ArrayList<>();
        final List<String> milestones = new ArrayList<>();
        List<UUID> ship = List.of();
        List<UUID> expected = List.of();
        List<UUID> spare = List.of();
        Mode mode = Mode.ASYNC;
        boolean held;
        Access access = Access.LOCKED;
        ReplicatedVolume volume;
        @Nullable PairEndpoint endpoint;
        @Nullable Pipe pipe;
        /** Frames that this end still sends before its pipe breaks; negative: no limit. */
        int framesLeft = -1;

        End(long number) {
            this.number = number;
            this.volume = open();
        }

        private ReplicatedVolume open() {
            try {
                return ReplicatedVolume.open(new VolumeId(number), disk, new Shared(new RingBudget(1 << 20)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        PairEndpoint endpoint() { return java.util.Objects.requireNonNull(endpoint); }

        Flow flow() { return endpoint().status().flow(); }

        /** A process that ends without a word. */
        void crash() {
            part();
            endpoint = null;
            volume = open();
        }

        void restart() throws IOException {
            endpoint().stop();
            volume.close();
            part();
            endpoint = null;
            volume = open();
        }

        void write(int block, int blocks) throws IOException {
            byte[] bytes = new byte[blocks * BLOCK_BYTES];
            dice.nextBytes(bytes);
            volume.host().write((long) block * BLOCK_BYTES, ByteBuffer.wrap(bytes), false);
        }

        /** The checksum of a block is lost. */
        void damage(int block) { disk.damaged.add((long) block * BLOCK_BYTES); }

        void wish() throws IOException {
            End other = this == a ? b : a;
            Role role = access == Access.READ_WRITE && other.access == Access.REPLICATION_TARGET ? Role.SOURCE
                : access == Access.REPLICATION_TARGET && other.access == Access.READ_WRITE ? Role.TARGET : Role.NONE;
            if (endpoint == null) endpoint = new PairEndpoint(volume, pair, access, this, () -> new UUID(number, ++ids));
            endpoint.wish(new Wish(access, role, held || role == Role.NONE, "test", mode, Terms.DEFAULT, new SnapshotPlan(ship, expected, spare)), nowNs);
        }

        @Override public void milestone(Milestone milestone, String detail) { milestones.add((milestone + " " + detail).strip()); }

        @Override public void resynced(String reason, long blocks, long payloadBytes, long digestBytes, long tookNs) {
            resyncs.add(new Resync(reason, blocks, payloadBytes, digestBytes));
        }

        @Override public void snapshotShipped(UUID snapshot) { shipped.add(snapshot); }

        @Override public void snapshotArrived(UUID snapshot) { arrived.add(snapshot); }

        @Override public void snapshotKept(UUID snapshot, long blocks, Optional<UUID> replaced) {
            kept.add(snapshot);
            replaced.ifPresent(gone::add);
        }

        @Override public void failed(String what, Exception cause) { failures.add(what + ": " + cause); }
    }

    /** Frames wait at the receiver until it is stepped. */
    private final class Pipe implements FramePipe {
        final End to;
        long sent;
        final Deque<Frame> frames = new ArrayDeque<>();
        boolean closed;
        @Nullable Pipe back;

        Pipe(End to) { this.to = to; }

        @Override public void send(Frame frame) throws LinkDownException {
            End from = to == a ? b : a;
            if (!closed && from.framesLeft == 0) part();
            if (closed) throw new LinkDownException("cut");
            if (from.framesLeft > 0) from.framesLeft--;
            sent++;
            byte[] bytes = new byte[frame.payload().remaining()];
            frame.payload().duplicate().get(bytes);
            frames.add(new Frame(frame.type(), frame.number(), frame.offsetBytes(), frame.lengthBytes(), ByteBuffer.wrap(bytes), () -> { }));
        }

        @Override public void close() { closed = true; }
    }

    /** Frames that were sent to this end on its pipe. */
    long framesTo(End to) { return java.util.Objects.requireNonNull((to == a ? b : a).pipe).sent; }

    /** The link is cut: what was on its way is lost, and both ends hear of it when they are stepped. */
    void part() {
        for (End end : List.of(a, b)) {
            Pipe pipe = end.pipe;
            if (pipe == null) continue;
            pipe.closed = true;
            pipe.frames.clear();
        }
    }

    /** The link is cut, and the target is opened for writing as well. */
    void split() throws IOException {
        part();
        run(2);
        b.access = Access.READ_WRITE;
        b.wish();
        a.wish();
    }

    void rePair() throws IOException {
        for (End end : List.of(a, b)) {
            end.endpoint().stop();
            end.endpoint = null;
            end.volume.leave();
        }
        pair = new UUID(1, pair.getLeastSignificantBits() + 1);
    }

    /** {@code source} is to be the source from now on, by the flip of both accesses. */
    void direct(End source) throws IOException {
        End target = source == a ? b : a;
        source.access = Access.READ_WRITE;
        target.access = Access.REPLICATION_TARGET;
        a.wish();
        b.wish();
        a.wish();
    }

    /** End a is the source, and both hold its first 64 blocks. */
    void mirrored() throws IOException {
        direct(a);
        a.write(0, 64);
        settle();
        assertThat(a.flow()).isEqualTo(Flow.ACTIVE);
        assertThat(differing()).isZero();
        a.resyncs.clear();
    }

    /** Opens a pipe when both want one. */
    private boolean dial() throws IOException {
        if (!a.endpoint().wantsPipe(nowNs) || !b.endpoint().wantsPipe(nowNs)) return false;
        Pipe toA = new Pipe(a);
        Pipe toB = new Pipe(b);
        toA.back = toB;
        toB.back = toA;
        a.pipe = toB;
        b.pipe = toA;
        b.endpoint().opened(toA, nowNs);
        a.endpoint().opened(toB, nowNs);
        return true;
    }

    private boolean turn(End end) throws IOException {
        boolean busy = step(end);
        PairEndpoint endpoint = end.endpoint();
        Force force = endpoint.force(nowNs);
        if (force == null) return busy;
        force.run();
        endpoint.forced(force, nowNs);
        return true;
    }

    /** Takes a frame in, or does what there is to do without one. */
    private boolean step(End end) throws IOException {
        PairEndpoint endpoint = end.endpoint();
        Pipe out = end.pipe;
        boolean busy = false;
        if (out != null) {
            Pipe in = java.util.Objects.requireNonNull(out.back);
            Frame frame = in.frames.poll();
            if (frame != null) {
                endpoint.frame(out, frame, nowNs);
                return true;
            }
            if (out.closed || in.closed) {
                end.pipe = null;
                endpoint.closed(out, nowNs);
                busy = true;
            }
        }
        return endpoint.step(nowNs) || busy;
    }

    /** Runs until nothing is left to do; only what is held back for a moment is waited for. */
    void run() throws IOException {
        for (int idle = 0, steps = 0; idle < 3; steps++) {
            if (steps > 200_000) throw new AssertionError("never at rest: " + a.endpoint().status() + ", " + b.endpoint().status() + a.failures + b.failures);
            boolean dialled = dial();
            boolean left = turn(a);
            boolean right = turn(b);
            idle = dialled || left || right || awaited() ? 0 : idle + 1;
        }
    }

    private boolean awaited() {
        long dueNs = Math.min(a.endpoint().dueNs(nowNs, Long.MAX_VALUE), b.endpoint().dueNs(nowNs, Long.MAX_VALUE));
        if (dueNs <= nowNs || dueNs - nowNs > StreamShipper.GATHER_NS) return false;
        nowNs = dueNs;
        return true;
    }

    /** Lets time pass until the ends dial again, and opens a pipe on which nothing has come yet. */
    void dialAgain() throws IOException {
        nowNs += 300_000_000L;
        if (!dial()) throw new AssertionError("no pipe is wanted");
    }

    /** Lets a little time pass, in which received writes become durable, and runs. */
    void breathe() throws IOException {
        nowNs += StreamReceiver.FORCE_AFTER_NS + 1_000_000L;
        run();
    }

    /** Lets time pass, so that ends dial again, and runs. */
    void settle() throws IOException {
        for (int i = 0; i < 5; i++) {
            nowNs += 1_000_000_001L;
            run();
        }
    }

    /** Runs for so many turns of each end. */
    void run(int turns) throws IOException {
        for (int i = 0; i < turns; i++) {
            dial();
            turn(a);
            turn(b);
        }
    }

    /** Time passes, and nothing comes over the link. */
    void pass(long ns) { nowNs += ns; }

    /** How long until this end's next step is due, though nothing comes. */
    long dueInNs(End end) { return end.endpoint().dueNs(nowNs, Long.MAX_VALUE) - nowNs; }

    /** One end works and takes nothing in. */
    void work(End end, int steps) throws IOException {
        for (int i = 0; i < steps; i++) end.endpoint().step(nowNs);
    }

    /** Blocks whose content differs; absent is as zero. */
    long differing() {
        java.util.Set<Long> all = new java.util.TreeSet<>(a.disk.blocks().keySet());
        all.addAll(b.disk.blocks().keySet());
        byte[] zero = new byte[BLOCK_BYTES];
        return all.stream().filter(at -> !java.util.Arrays.equals(a.disk.blocks().getOrDefault(at, zero), b.disk.blocks().getOrDefault(at, zero))).count();
    }
}
