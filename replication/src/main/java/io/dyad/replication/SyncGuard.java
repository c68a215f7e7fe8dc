package io.dyad.replication;

import io.dyad.domain.Milestone;
import io.dyad.domain.Mode;
import io.dyad.replication.Synchrony.State;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Decides when a source enters and leaves {@link Synchrony}, by mode, session and time. The endpoint's owner thread calls it. */
final class SyncGuard {
    private final ReplicatedVolume volume;
    private final Synchrony synchrony;
    private final PairListener listener;
    private long heardNs;
    private long heardSeq = -1;
    private long timeoutNs;

    SyncGuard(ReplicatedVolume volume, PairListener listener) {
        this.volume = volume;
        this.synchrony = volume.synchrony();
        this.listener = listener;
    }

    /** Brings synchrony to what is wished and possible; true when the session is silent and ought to end. */
    boolean step(@Nullable Shipper session, Wish wish, boolean draining, long nowNs) throws IOException {
        timeoutNs = wish.terms().syncTimeoutNs();
        boolean wanted = wish.mode() == Mode.SYNC && wish.role() == PairEndpoint.Role.SOURCE && !wish.hold();
        volume.host().throttle(wanted && session != null && session.mustConverge() && synchrony.state() == State.APART);
        if (!wanted && !draining) {
            if (synchrony.state() != State.APART) synchrony.leave();
            return false;
        }
        listen(session, nowNs);
        if (wanted && session != null && session.caughtUp()) enter();
        else if (session == null && synchrony.state() == State.JOINING) synchrony.leave();
        if (synchrony.state() == State.APART || nowNs - heardNs < timeoutNs) return false;
        silent(wish.terms());
        heardNs = nowNs;
        return session != null && session.caughtUp();
    }

    /** True when synchrony is as it is wished and nothing about it is under way. */
    boolean steady(Wish wish) {
        return synchrony.state() == (wish.mode() == Mode.SYNC ? State.TOGETHER : State.APART) && !synchrony.refusing();
    }

    private void listen(@Nullable Shipper session, long nowNs) {
        long received = synchrony.receivedSeq();
        boolean nothingOwed = session != null && session.caughtUp() && received >= volume.source().seq();
        if (received != heardSeq || nothingOwed) heardNs = nowNs;
        heardSeq = received;
        if (nothingOwed && synchrony.refusing()) synchrony.refuse(false);
    }

    private void enter() throws IOException {
        if (synchrony.state() == State.APART) synchrony.join();
        if (!synchrony.joined()) return;
        synchrony.together();
        listener.milestone(Milestone.IN_SYNC, "every write is on both ends before it is acknowledged");
    }

    private void silent(Terms terms) throws IOException {
        boolean together = synchrony.state() == State.TOGETHER;
        if (together && terms.strict()) {
            if (synchrony.refusing()) return;
            synchrony.refuse(true);
            listener.milestone(Milestone.OUT_OF_SYNC, "strict: writes are refused until the target answers");
            return;
        }
        long first = synchrony.leave();
        if (together) listener.milestone(Milestone.OUT_OF_SYNC, "writes are acknowledged alone since write " + first);
    }

    /** When a step is due without any input, or {@code neverNs}. */
    long dueNs(long neverNs) { return synchrony.state() == State.APART ? neverNs : heardNs + timeoutNs; }
}
