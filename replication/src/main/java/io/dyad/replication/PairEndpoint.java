package io.dyad.replication;

import io.dyad.domain.Access;
import io.dyad.domain.Milestone;
import io.dyad.domain.Mode;
import io.dyad.replication.HostSide.Admission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This end of a volume pair: brings the volume and the session on the pipe to what is wanted. One owner thread calls it;
 * {@link #status} may be read by any. A change of direction passes through a drain: a session that is under way first
 * brings everything acknowledged so far to the target, for at most {@value #DRAIN_SECONDS} s.
 */
public final class PairEndpoint {
    public enum Role { NONE, SOURCE, TARGET }

    /** How far the session is: no pipe; greeting; comparing what differs; moving blocks; streaming but behind; in sync; only snapshots are to ship and none waits. */
    public enum Flow { APART, CONNECTING, COMPARING, TRANSFER, CATCHING_UP, ACTIVE, IDLE }

    /**
     * What is wanted of this end. {@code hold}: no data may flow, whatever the role; {@code why} goes to the log of the next
     * resync. {@code ship}: a source's snapshots that are to be on the target, oldest first. {@code spare}: this end's snapshots
     * of what earlier resyncs overwrote, oldest first; they give way when there is no room for another.
     */
    public record Wish(Access access, Role role, boolean hold, String why, Mode mode, Terms terms, List<UUID> ship, List<UUID> spare) {
        public Wish {
            ship = List.copyOf(ship);
            spare = List.copyOf(spare);
        }

        /** No pair, only the access. */
        static Wish alone(Access access) { return new Wish(access, Role.NONE, true, "restart", Mode.ASYNC, Terms.DEFAULT, List.of(), List.of()); }
    }

    /**
     * What is true now. {@code adopted}: the access the volume has really taken; {@code refused}: why the other end turned us
     * down last; {@code startedNs}: when the session or its last resync began.
     */
    public record Status(Access adopted, Role role, Flow flow, boolean draining, String refused, Overload overload, long blocksLeft, long blocksTotal, long startedNs) { }

    /** What this end tells its cluster; from the owner thread. */
    public interface Listener {
        void milestone(Milestone milestone, String detail);

        /** The target lacks nothing any more. {@code digestBytes} settled what was in doubt and are not in {@code payloadBytes}. */
        void resynced(String reason, long blocks, long payloadBytes, long digestBytes, long tookNs);

        /** Source: this snapshot is whole and durable on the target. May be said again. */
        void snapshotShipped(UUID snapshot);

        /** Target: this snapshot of the source has been taken here, durably. May be said again. */
        void snapshotArrived(UUID snapshot);

        /**
         * A snapshot of this end's content was taken, durably, before {@code blocks} blocks that only this end holds are
         * overwritten; a spare one gave way where one is named. May be said again.
         */
        void snapshotKept(UUID snapshot, long blocks, Optional<UUID> gone);

        void failed(String what, Exception cause);
    }

    public static final String TARGET_FULL = "target is full";
    public static final String TOO_MANY_SNAPSHOTS = "target holds too many snapshots";
    static final int DRAIN_SECONDS = 30;
    private static final String DRAIN = "drain";
    private static final String DRAINED = "drained";
    private static final String RELOAD = "reload";
    private static final long RETRY_NS = 1_000_000_000L;
    private static final long REDIAL_NS = 200_000_000L;
    private final ReplicatedVolume volume;
    private final Listener listener;
    private final SyncGuard guard;
    private final Rate rate = new Rate(Terms.NO_LIMIT);
    private final Supplier<UUID> freshIds;
    private Wish wish;
    private Access adopted;
    private @Nullable FramePipe pipe;
    private @Nullable Shipper shipper;
    private @Nullable Receiver receiver;
    private boolean draining;
    private long drainUntilNs;
    private boolean backingOff;
    private long retryAtNs;
    private long startedNs;
    private boolean resynced;
    private String reason = "restart";
    private String refused = "";
    private volatile Status status;

    public PairEndpoint(ReplicatedVolume volume, UUID pair, Access access, Listener listener, Supplier<UUID> freshIds) throws IOException {
        this.volume = volume;
        this.listener = listener;
        this.guard = new SyncGuard(volume, listener);
        this.freshIds = freshIds;
        this.wish = Wish.alone(access);
        this.adopted = Access.LOCKED;
        volume.join(pair);
        adopt();
        this.status = snapshot();
    }

    public Status status() { return status; }

    public ReplicatedVolume volume() { return volume; }

    /** True when a pipe would be of use now. */
    public boolean wantsPipe(long nowNs) { return ready() && (!backingOff || nowNs - retryAtNs >= 0); }

    /** Nothing flows before the volume has taken its role in the pair, durably: a disk that fails may not let it. */
    private boolean ready() { return pipe == null && wish.role() != Role.NONE && !wish.hold() && adopted == wish.access(); }

    /** States what is wanted from now on; the same wish again changes nothing. */
    public void wish(Wish now, long nowNs) throws IOException {
        boolean sameFlow = now.role() == role() && !now.hold();
        boolean otherLoad = live(now) != live(wish) || shipper != null && shipper.misses(now.ship());
        wish = now;
        rate.limit(now.terms().rateBytesPerSecond());
        if (now.access() != Access.READ_WRITE) volume.host().fence();
        if (pipe == null) adopt();
        else if (now.hold()) end(now.why());
        else if (!sameFlow) drain(nowNs);
        else if (otherLoad && shipper != null && !draining) reload();
        else if (!draining) adopt();
        guard(nowNs);
        status = snapshot();
    }

    private static boolean live(Wish of) { return of.mode() != Mode.SNAPSHOTS_ONLY; }

    /** What is to be shipped is another: the session begins again. */
    private void reload() throws IOException {
        say(RELOAD);
        end("mode");
    }

    private void drain(long nowNs) throws IOException {
        if (draining) return;
        draining = true;
        drainUntilNs = nowNs + DRAIN_SECONDS * 1_000_000_000L;
        if (receiver != null) say(DRAIN);
    }

    private Role role() { return shipper != null ? Role.SOURCE : receiver != null ? Role.TARGET : Role.NONE; }

    /** Takes on the wished access: its role in the pair durably first, then what hosts may do. */
    private void adopt() throws IOException {
        if (adopted != wish.access()) {
            if (wish.access() == Access.READ_WRITE) volume.become(Mark.Role.SOURCE, freshIds.get());
            if (wish.access() == Access.REPLICATION_TARGET) volume.become(Mark.Role.TARGET, freshIds.get());
        }
        adopted = wish.access();
        volume.host().admit(admissionOf(adopted));
    }

    public static Admission admissionOf(Access access) {
        return switch (access) {
            case READ_WRITE -> Admission.WRITE;
            case READ_ONLY  -> Admission.READ;
            case LOCKED, REPLICATION_TARGET, SNAP_MIRROR_TARGET -> Admission.NOTHING;
        };
    }

    /** A pipe to the other end is open. */
    public void opened(FramePipe fresh, long nowNs) throws IOException {
        if (!ready()) {
            fresh.close();
            return;
        }
        pipe = fresh;
        if (!refused.equals(TARGET_FULL)) refused = "";
        resynced = false;
        startedNs = nowNs;
        try {
            if (wish.role() == Role.SOURCE) shipper = new Shipper(volume, fresh, new Shipper.Load(live(wish), wish.ship(), rate), listener::snapshotShipped);
            else receiver = new Receiver(volume, fresh, this::keep, listener::snapshotArrived);
        } catch (LinkDownException e) {
            closed(fresh, String.valueOf(e.getMessage()), nowNs);
        }
        status = snapshot();
    }

    /** Keeps what only this end may hold before it is overwritten. */
    private void keep(long blocks) throws IOException {
        Optional<UUID> gone = Optional.empty();
        Set<UUID> held = volume.cuts().names();
        if (held.size() >= Snapshots.MAX) {
            gone = wish.spare().stream().filter(held::contains).findFirst();
            volume.cuts().delete(gone.orElseThrow(() -> new SnapshotLimitException("volume " + volume.id() + " holds " + held.size() + " snapshots and none may go")));
        }
        UUID kept = freshIds.get();
        volume.cuts().keep(kept);
        listener.snapshotKept(kept, blocks, gone);
    }

    /** Compares both ends while they run, once the target has caught up; fails at once when no data is to flow, or they are not connected. */
    public void verify(Verification wanted) {
        try {
            if (wish.hold()) wanted.fail("the pair is held up (" + wish.why() + "): nothing is compared until data may flow again");
            else if (!live(wish)) wanted.fail("only snapshots are replicated: the target is not meant to hold what the source holds now");
            else if (shipper != null) shipper.verify(wanted);
            else if (receiver != null) receiver.verify(wanted);
            else wanted.fail("the two ends are not connected");
        } catch (LinkDownException e) {
            wanted.fail("the link is down");
        }
    }

    /** A block of this end is damaged: the other end is asked for it. {@code answered} runs in any case, sooner or later. */
    public void heal(DamagedBlockException damaged, Runnable answered) {
        listener.failed("volume " + volume.id(), damaged);
        try {
            if (shipper != null) shipper.heal(damaged.offsetBytes(), answered);
            else if (receiver != null) receiver.heal(damaged.offsetBytes(), answered);
            else answered.run();
        } catch (LinkDownException e) {
            answered.run();
        }
    }

    /** The other end could not be reached for a pipe; it is tried again a little later. */
    public void unreachable(long nowNs) { backOff(nowNs + REDIAL_NS); }

    private void backOff(long untilNs) {
        backingOff = true;
        retryAtNs = untilNs;
    }

    /** The pipe has ended. */
    public void closed(FramePipe gone, String why, long nowNs) throws IOException {
        if (pipe != gone) return;
        backOff(nowNs + REDIAL_NS);
        end("link");
        status = snapshot();
    }

    /** Takes in a frame and releases it. */
    public void frame(FramePipe from, Frame frame, long nowNs) throws IOException {
        try {
            if (pipe != from) return;
            if (frame.type() == FrameType.DETACH) detached(StandardCharsets.UTF_8.decode(frame.payload()).toString(), nowNs);
            else if (shipper != null) shipper.frame(frame);
            else if (receiver != null) receiver.frame(frame, nowNs);
            else throw new BadFrameException(frame.type() + " without a session");
        } catch (IOException | RuntimeException e) {
            broken(e, nowNs);
        } finally {
            frame.release();
        }
        status = snapshot();
    }

    private void detached(String why, long nowNs) throws IOException {
        if (why.equals(DRAIN) && shipper != null) {
            drain(nowNs);
            return;
        }
        if (!why.equals(DRAINED) && !why.equals(RELOAD)) {
            refused = why;
            backOff(nowNs + RETRY_NS);
        }
        end(why.equals(DRAINED) ? "switch" : why);
    }

    /**
     * True while the session does nothing but stream, in step with what is wished: then a frame of the stream, and a step,
     * take no longer than the writes they bring, and anyone may have this turn of the owner's.
     */
    public boolean steady() {
        if (draining || pipe == null) return false;
        if (receiver != null) return receiver.phase() == Receiver.Phase.STREAMING;
        return shipper != null && resynced && shipper.steady() && guard.steady(wish);
    }

    /** True when a step has something to do now that {@link #dueNs} does not tell. */
    public boolean owes() { return !steady() || shipper != null && shipper.owes(); }

    /** One bounded piece of work; false when there is nothing to do until something arrives or time passes. */
    public boolean step(long nowNs) throws IOException {
        boolean busy = false;
        try {
            if (shipper != null) busy = shipper.step(nowNs);
            else if (receiver != null) busy = receiver.step(nowNs);
            else if (!backingOff || nowNs - retryAtNs >= 0) {
                busy = volume.fold();
                if (adopted != wish.access()) adopt();      // it failed before
            }
        } catch (IOException | RuntimeException e) {
            broken(e, nowNs);
        }
        if (shipper != null) watch(shipper, nowNs);
        if (draining) drained(nowNs);
        guard(nowNs);
        volume.sample(nowNs);
        boolean streams = shipper != null && shipper.phase() == Shipper.Phase.STREAMING || receiver != null && receiver.phase() == Receiver.Phase.STREAMING;
        if (streams) refused = "";                       // there was room after all
        status = snapshot();
        return busy;
    }

    /** When the next step is due though nothing arrives; {@code neverNs} when none is before that. */
    public long dueNs(long nowNs, long neverNs) {
        long due = guard.dueNs(neverNs);
        if (shipper != null) due = earlier(due, shipper.dueNs(nowNs, neverNs));
        if (receiver != null) due = earlier(due, receiver.dueNs(neverNs));
        if (draining) due = earlier(due, drainUntilNs);
        if (pipe == null && backingOff && retryAtNs - nowNs > 0) due = earlier(due, retryAtNs);
        if (pipe == null && adopted != wish.access()) due = earlier(due, nowNs + RETRY_NS);
        return due;
    }

    private static long earlier(long a, long b) { return a - b <= 0 ? a : b; }

    private void guard(long nowNs) throws IOException {
        try {
            if (guard.step(shipper, wish, draining, nowNs)) broken(new LinkDownException("the target is silent"), nowNs);
        } catch (IOException e) {
            broken(e, nowNs);
        }
    }

    private void watch(Shipper s, long nowNs) {
        if (resynced && s.phase() == Shipper.Phase.EPOCH) {                 // the ring overflowed: a resync of its own
            resynced = false;
            reason = live(wish) ? "overload" : "snapshot";
            startedNs = nowNs;
        }
        if (!s.caughtUp() || resynced) return;
        resynced = true;
        listener.resynced(s.firstSync() ? "first-sync" : reason, s.shippedBlocks(), s.payloadBytes(), s.digestBytes(), nowNs - startedNs);
        listener.milestone(s.firstSync() ? Milestone.FIRST_SYNC_DONE : Milestone.RESYNC_DONE, s.shippedBlocks() + " blocks");
        s.resynced();
    }

    private void drained(long nowNs) throws IOException {
        boolean late = nowNs - drainUntilNs >= 0;
        if (shipper != null && shipper.drained()) {
            say(DRAINED);
            listener.milestone(Milestone.FENCE_DRAINED, "");
            end("switch");
        } else if (late) {
            listener.milestone(Milestone.DIVERGED, shipper != null ? volume.dirtyBlocks() + " blocks did not reach the target" : "the source did not drain in time");
            end("switch");
        }
    }

    private void broken(Exception e, long nowNs) throws IOException {
        boolean full = e instanceof StoreFullException;
        boolean crowded = e instanceof SnapshotLimitException;
        if (full) listener.milestone(Milestone.TARGET_FULL, String.valueOf(e.getMessage()));
        else if (crowded) refused = TOO_MANY_SNAPSHOTS;
        else if (!(e instanceof LinkDownException)) listener.failed("replication of volume " + volume.id(), e);
        backOff(nowNs + RETRY_NS);
        if (full) refused = TARGET_FULL;
        say(full ? TARGET_FULL : crowded ? TOO_MANY_SNAPSHOTS : "error: " + e.getMessage());
        end("link");
    }

    private void say(String why) {
        try {
            if (pipe != null) pipe.send(Frame.of(FrameType.DETACH, 0, 0, ByteBuffer.wrap(why.getBytes(StandardCharsets.UTF_8))));
        } catch (LinkDownException e) {
            // the other end will see the pipe close
        }
    }

    /** Ends the session and takes on what is wished. */
    private void end(String why) throws IOException {
        FramePipe gone = pipe;
        if (gone == null) return;
        if (wish.hold()) say(why);
        pipe = null;
        Shipper s = shipper;
        Receiver r = receiver;
        shipper = null;
        receiver = null;
        draining = false;
        reason = why;
        gone.close();
        try {
            if (s != null) s.stop();
            if (r != null) r.stop();
        } catch (IOException | RuntimeException e) {
            listener.failed("ending a session of volume " + volume.id(), e);
        }
        adopt();
    }

    /** Ends the session in order and leaves the volume closed for hosts. */
    public void stop(long nowNs) throws IOException {
        wish = Wish.alone(wish.access());
        end("restart");
        volume.host().admit(Admission.NOTHING);
    }

    private Status snapshot() {
        Shipper s = shipper;
        Receiver r = receiver;
        long left = s != null ? s.blocksLeft() : r != null ? r.blocksLeft() : 0;
        long total = s != null ? s.blocksTotal() : r != null ? r.blocksTotal() : 0;
        return new Status(adopted, role(), flow(s, r), draining, refused, s == null ? Overload.NONE : s.overload(), left, total, startedNs);
    }

    private boolean together() { return wish.mode() != Mode.SYNC || volume.synchrony().state() == Synchrony.State.TOGETHER; }

    private Flow flow(@Nullable Shipper s, @Nullable Receiver r) {
        if (s != null) return switch (s.phase()) {
            case ATTACHING -> Flow.CONNECTING;
            case EPOCH, COMMITTING -> Flow.TRANSFER;
            case STREAMING -> s.caughtUp() && together() ? Flow.ACTIVE : Flow.CATCHING_UP;
            case IDLE -> Flow.IDLE;
        };
        if (r != null) return switch (r.phase()) {
            case WAITING -> Flow.CONNECTING;
            case COMPARED -> Flow.COMPARING;
            case TRANSFER -> Flow.TRANSFER;
            case STREAMING -> Flow.ACTIVE;
        };
        return Flow.APART;
    }
}
