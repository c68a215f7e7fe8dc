package io.dyad.replication;

import io.dyad.domain.Milestone;
import io.dyad.replication.PairEndpoint.Role;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The pipe to the other end and the session over it: how they end, and when another pipe may be tried. One owner thread. */
final class Line {
    static final long RETRY_NS = 1_000_000_000L;
    /** A pipe is tried again so soon at first, each time after four times as long, and never later than that. */
    private static final long FIRST_REDIAL_NS = 5_000_000L;
    private static final long LAST_REDIAL_NS = 200_000_000L;
    private final ReplicatedVolume volume;
    private final PairListener listener;
    private @Nullable FramePipe pipe;
    private @Nullable Session session;
    private boolean backsOff;
    private long retryAtNs;
    private long redialNs = FIRST_REDIAL_NS;
    private String refused = "";

    Line(ReplicatedVolume volume, PairListener listener) {
        this.volume = volume;
        this.listener = listener;
    }

    boolean isOpen() { return pipe != null; }

    boolean runsOver(FramePipe other) { return pipe == other; }

    @Nullable Session session() { return session; }

    /** The session, where this end is the source. */
    @Nullable Shipper source() { return session instanceof Shipper s ? s : null; }

    Role role() { return session == null ? Role.NONE : session.role(); }

    /** Why the other end turned us down last, or this end the other; empty when it did not. */
    String refused() { return refused; }

    /** The two ends get on: there is room after all. */
    void welcome() {
        refused = "";
        redialNs = FIRST_REDIAL_NS;
    }

    /** Data may flow again, and the other end knows it, or will any moment: what it turned us down for is over. */
    void hurry() {
        redialNs = FIRST_REDIAL_NS;
        if (!refused.isEmpty()) backsOff = false;
    }

    void open(FramePipe fresh) {
        pipe = fresh;
        if (!refused.equals(PairEndpoint.TARGET_FULL)) refused = "";
    }

    void begin(Session now) { session = now; }

    void say(String why) {
        try {
            if (pipe != null) pipe.send(Detach.frame(why));
        } catch (LinkDownException e) {
            // the other end will see the pipe close
        }
    }

    /** Compares both ends, unless they are not connected. */
    void verify(Verification wanted) {
        try {
            if (session != null) session.verify(wanted);
            else wanted.fail("the two ends are not connected");
        } catch (LinkDownException e) {
            wanted.fail("the link is down");
        }
    }

    /** Asks the other end for a block; {@code answered} runs in any case. */
    void heal(long offsetBytes, Runnable answered) {
        try {
            if (session != null) session.heal(offsetBytes, answered);
            else answered.run();
        } catch (LinkDownException e) {
            answered.run();
        }
    }

    /** The other end wants no session now. */
    void turnedDown(String why, long nowNs) {
        refused = why;
        backOff(nowNs + RETRY_NS);
    }

    /** The session cannot go on: says why, to the other end and to this cluster. */
    void broke(Exception e, long nowNs) {
        String why = Detach.after(e);
        boolean full = why.equals(PairEndpoint.TARGET_FULL);
        boolean crowded = why.equals(PairEndpoint.TOO_MANY_SNAPSHOTS);
        if (full) listener.milestone(Milestone.TARGET_FULL, String.valueOf(e.getMessage()));
        else if (!crowded && !(e instanceof LinkDownException)) listener.failed("replication of volume " + volume.id(), e);
        if (full || crowded) refused = why;
        backOff(nowNs + RETRY_NS);
        say(why);
    }

    /** The pipe is gone, or could not be had: it is tried again a little later. */
    void lost(long nowNs) {
        backOff(nowNs + redialNs);
        redialNs = Math.min(4 * redialNs, LAST_REDIAL_NS);
    }

    private void backOff(long untilNs) {
        backsOff = true;
        retryAtNs = untilNs;
    }

    boolean mayOpen(long nowNs) { return !backsOff || nowNs - retryAtNs >= 0; }

    /** When a pipe may be tried again, or {@code neverNs} when it may or there is one. */
    long dueNs(long nowNs, long neverNs) { return isOpen() || mayOpen(nowNs) ? neverNs : retryAtNs; }

    /** Ends the session and the pipe. */
    void close() {
        FramePipe gone = pipe;
        Session ended = session;
        pipe = null;
        session = null;
        if (gone != null) gone.close();
        try {
            if (ended != null) ended.stop();
        } catch (IOException | RuntimeException e) {
            listener.failed("ending a session of volume " + volume.id(), e);
        }
    }
}
