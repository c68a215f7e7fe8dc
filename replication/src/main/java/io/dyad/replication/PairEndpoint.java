package io.dyad.replication;

import io.dyad.domain.Access;
import io.dyad.domain.Mode;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This end of a volume pair: brings the volume and the session on the pipe to what is wanted. One owner thread calls it;
 * {@link #status} may be read by any. A change of direction passes through a drain: a session that is under way first
 * brings everything acknowledged so far to the target ({@link Drain}).
 */
public final class PairEndpoint {
    public enum Role { NONE, SOURCE, TARGET }

    /** How far the session is: no pipe; greeting; comparing what differs; moving blocks; streaming but behind; in sync; only snapshots are to ship and none waits. */
    public enum Flow { APART, CONNECTING, COMPARING, TRANSFER, CATCHING_UP, ACTIVE, IDLE }

    /**
     * What is true now. {@code adopted}: the access the volume has really taken; {@code refused}: why the other end turned us
     * down last; {@code startedNs}: when the session or its last resync began.
     */
    public record Status(Access adopted, Role role, Flow flow, boolean draining, String refused, Overload overload, long blocksLeft, long blocksTotal, long startedNs) { }

    public static final String TARGET_FULL = "target is full";
    public static final String TOO_MANY_SNAPSHOTS = "target holds too many snapshots";
    private final ReplicatedVolume volume;
    private final PairListener listener;
    private final SyncGuard guard;
    private final Stance stance;
    private final Rescue rescue;
    private final ResyncReport report;
    private final Line line;
    private final Drain drain;
    private final Rate rate = new Rate(Terms.NO_LIMIT);
    private Wish wish;
    private volatile Status status;

    public PairEndpoint(ReplicatedVolume volume, UUID pair, Access access, PairListener listener, Supplier<UUID> freshIds) throws IOException {
        this.volume = volume;
        this.listener = listener;
        this.guard = new SyncGuard(volume, listener);
        this.stance = new Stance(volume, freshIds);
        this.rescue = new Rescue(volume, listener, freshIds);
        this.report = new ResyncReport(listener);
        this.line = new Line(volume, listener);
        this.drain = new Drain(volume, listener, line);
        this.wish = Wish.alone(access);
        volume.join(pair);
        adopt();
        this.status = snapshot();
    }

    public Status status() { return status; }

    public ReplicatedVolume volume() { return volume; }

    // ---- what is wanted ----

    /** States what is wanted from now on; the same wish again changes nothing. */
    public void wish(Wish now, long nowNs) throws IOException {
        Shipper source = line.source();
        boolean sameFlow = now.role() == line.role() && !now.hold();
        boolean otherLoad = source != null && (now.live() != wish.live() || source.misses(now.snapshots().ship()));
        if (wish.hold() && !now.hold()) line.hurry();
        wish = now;
        rate.limit(now.terms().rateBytesPerSecond());
        if (now.access() != Access.READ_WRITE) volume.host().fence();
        if (!line.isOpen()) adopt();
        else if (now.hold()) end(now.why());
        else if (!sameFlow) drain.begin(nowNs);
        else if (otherLoad && !drain.underWay()) reload();
        else if (!drain.underWay()) adopt();
        guard(nowNs);
        status = snapshot();
    }

    private void adopt() throws IOException { stance.take(wish.access()); }

    /** What is to be shipped is another: the session begins again. */
    private void reload() throws IOException {
        line.say(Detach.RELOAD);
        end("mode");
    }

    /** Compares both ends while they run, once the target has caught up; fails at once when no data is to flow, or they are not connected. */
    public void verify(Verification wanted) {
        if (wish.hold()) wanted.fail("the pair is held up (" + wish.why() + "): nothing is compared until data may flow again");
        else if (!wish.live()) wanted.fail("only snapshots are replicated: the target is not meant to hold what the source holds now");
        else line.verify(wanted);
    }

    /** A block of this end is damaged: the other end is asked for it. {@code answered} runs in any case, sooner or later. */
    public void heal(DamagedBlockException damaged, Runnable answered) {
        listener.failed("volume " + volume.id(), damaged);
        line.heal(damaged.offsetBytes(), answered);
    }

    // ---- what the pipe brings ----

    /** True when a pipe would be of use now. */
    public boolean wantsPipe(long nowNs) { return ready() && line.mayOpen(nowNs); }

    /** Nothing flows before the volume has taken its role in the pair, durably: a disk that fails may not let it. */
    private boolean ready() { return !line.isOpen() && wish.role() != Role.NONE && !wish.hold() && stance.taken() == wish.access(); }

    /** A pipe to the other end is open. */
    public void opened(FramePipe fresh, long nowNs) throws IOException {
        if (!ready()) {
            fresh.close();
            return;
        }
        line.open(fresh);
        report.begin(nowNs);
        try {
            line.begin(wish.role() == Role.SOURCE ? new Shipper(volume, fresh, new Shipper.Load(wish.live(), wish.snapshots().ship(), rate), listener::snapshotShipped)
                : new Receiver(volume, fresh, blocks -> rescue.keep(blocks, wish.snapshots()), listener::snapshotArrived));
        } catch (LinkDownException e) {
            closed(fresh, nowNs);
        }
        status = snapshot();
    }

    /** The other end could not be reached for a pipe; it is tried again a little later. */
    public void unreachable(long nowNs) { line.lost(nowNs); }

    /** The pipe has ended. */
    public void closed(FramePipe gone, long nowNs) throws IOException {
        if (!line.runsOver(gone)) return;
        line.lost(nowNs);
        end("link");
        status = snapshot();
    }

    /** Takes in a frame and releases it. */
    public void frame(FramePipe from, Frame frame, long nowNs) throws IOException {
        try {
            if (!line.runsOver(from)) return;
            Session session = line.session();
            if (frame.type() == FrameType.DETACH) detached(Detach.why(frame), nowNs);
            else if (session != null) session.frame(frame, nowNs);
            else throw new BadFrameException(frame.type() + " without a session");
        } catch (IOException | RuntimeException e) {
            broken(e, nowNs);
        } finally {
            frame.release();
        }
        status = snapshot();
    }

    private void detached(String why, long nowNs) throws IOException {
        if (why.equals(Detach.DRAIN) && line.role() == Role.SOURCE) {
            drain.begin(nowNs);
            return;
        }
        if (!why.equals(Detach.DRAINED) && !why.equals(Detach.RELOAD)) line.turnedDown(why, nowNs);
        end(why.equals(Detach.DRAINED) ? "switch" : why);
    }

    // ---- what the owner does by itself ----

    /**
     * True while the session does nothing but stream, in step with what is wished: then a frame of the stream, and a step,
     * take no longer than the writes they bring, and anyone may have this turn of the owner's.
     */
    public boolean steady() {
        Session session = line.session();
        if (drain.underWay() || session == null || !session.steady()) return false;
        return session.role() == Role.TARGET || report.told() && guard.steady(wish);
    }

    /** True when a step has something to do now that {@link #dueNs} does not tell. */
    public boolean owes() {
        Session session = line.session();
        return session == null || !steady() || session.owes();
    }

    /** One bounded piece of work; false when there is nothing to do until something arrives or time passes. */
    public boolean step(long nowNs) throws IOException {
        boolean busy = false;
        try {
            busy = work(nowNs);
        } catch (IOException | RuntimeException e) {
            broken(e, nowNs);
        }
        Shipper source = line.source();
        if (source != null) report.watch(source, wish.live(), nowNs);
        if (drain.underWay()) {
            if (drain.over(nowNs)) end("switch");
        } else if (source != null && volume.source().regained() && source.misses(wish.snapshots().ship())) reload();
        guard(nowNs);
        volume.sample(nowNs);
        Session session = line.session();
        if (session != null && session.streams()) line.welcome();
        status = snapshot();
        return busy;
    }

    /** What is to be made durable now, for the caller to run; null when nothing is, or while some is under way. */
    public @Nullable Force force(long nowNs) throws IOException {
        Session session = line.session();
        try {
            return session == null ? null : session.force(nowNs);
        } catch (IOException | RuntimeException e) {
            broken(e, nowNs);
            return null;
        }
    }

    /** It has run. */
    public void forced(Force done, long nowNs) throws IOException {
        try {
            done.end();
            Session session = line.session();
            if (session != null) session.forced();
        } catch (IOException | RuntimeException e) {
            broken(e, nowNs);
        }
        status = snapshot();
    }

    private boolean work(long nowNs) throws IOException {
        Session session = line.session();
        if (session != null) return session.step(nowNs);
        if (!line.mayOpen(nowNs)) return false;
        boolean busy = volume.fold();
        if (stance.taken() != wish.access()) adopt();    // it failed before
        return busy;
    }

    /** When the next step, or force, is due though nothing arrives; {@code neverNs} when none is before that. */
    public long dueNs(long nowNs, long neverNs) {
        Session session = line.session();
        long due = earlier(earlier(guard.dueNs(neverNs), line.dueNs(nowNs, neverNs)), drain.dueNs(neverNs));
        if (session != null) due = earlier(due, session.dueNs(nowNs, neverNs));
        if (!line.isOpen() && stance.taken() != wish.access()) due = earlier(due, nowNs + Line.RETRY_NS);
        return due;
    }

    private static long earlier(long a, long b) { return a - b <= 0 ? a : b; }

    private void guard(long nowNs) throws IOException {
        try {
            if (guard.step(line.source(), wish, drain.underWay(), nowNs)) broken(new LinkDownException("the target is silent"), nowNs);
        } catch (IOException e) {
            broken(e, nowNs);
        }
    }

    // ---- how a session ends ----

    private void broken(Exception e, long nowNs) throws IOException {
        line.broke(e, nowNs);
        end("link");
    }

    /** Ends the session and takes on what is wished. */
    private void end(String why) throws IOException {
        if (!line.isOpen()) return;
        if (wish.hold()) line.say(why);
        drain.end();
        report.because(why);
        line.close();
        adopt();
    }

    /** Ends the session in order; hosts do what they did. */
    public void stop() throws IOException {
        wish = Wish.alone(wish.access());
        end("restart");
    }

    private Status snapshot() {
        Session now = line.session();
        String refused = line.refused();
        if (now == null) return new Status(stance.taken(), Role.NONE, Flow.APART, drain.underWay(), refused, Overload.NONE, 0, 0, report.sinceNs());
        return new Status(stance.taken(), now.role(), flow(now), drain.underWay(), refused, now.overload(), now.blocksLeft(), now.blocksTotal(), report.sinceNs());
    }

    /** A Sync source is in step only when its hosts wait for the target too. */
    private Flow flow(Session now) {
        boolean apart = wish.mode() == Mode.SYNC && volume.synchrony().state() != Synchrony.State.TOGETHER;
        return now.flow() == Flow.ACTIVE && now.role() == Role.SOURCE && apart ? Flow.CATCHING_UP : now.flow();
    }
}
