package io.dyad.replication;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The comparisons of both ends that a source's session is asked for, one at a time: each begins once the target is in step, and
 * ends where what it found may count: with no snapshot on its way in the stream. One owner thread.
 */
final class Comparisons {
    /** Ships what a comparison found to differ. */
    interface Repair {
        void begin() throws IOException;
    }

    private final SourceSide source;
    private final Outlet outlet;
    private final StreamShipper stream;
    private final Healing healing;
    private final SourceVerify verify;
    private final Repair repair;
    private @Nullable Verification wanted;
    /** What the target has asked for meanwhile. */
    private @Nullable Verification proposed;

    Comparisons(ReplicatedVolume volume, Outlet outlet, StreamShipper stream, Healing healing, Repair repair) {
        this.source = volume.source();
        this.outlet = outlet;
        this.stream = stream;
        this.healing = healing;
        this.verify = new SourceVerify(volume, outlet);
        this.repair = repair;
    }

    /** True while none is asked for or under way. */
    boolean none() { return wanted == null; }

    /** Somebody at this end asks. */
    void want(Verification asked) {
        if (wanted != null) asked.fail("a comparison is under way already");
        else wanted = asked;
    }

    /** The target's question waits for the comparison that is under way: it may have begun before the target asked, or be to repair nothing. */
    void propose(Verification asked) {
        if (wanted == null) wanted = asked;
        else proposed = asked;
    }

    /** The target has cut too. */
    void cut(Frame frame) throws BadFrameException { verify.cut(frame); }

    /** The target's digests. */
    void answered(Frame frame) throws IOException { verify.answered(frame); }

    /** One piece of the comparison that is due; false when none is, or the target has to do something first. {@code streaming}: the session does. */
    boolean step(boolean streaming, long nowNs) throws IOException {
        Verification now = wanted;
        if (now == null || !outlet.open(nowNs)) return false;
        if (!verify.running()) {
            if (!streaming || !stream.caughtUp() || stream.awaitsSnapshot() || !source.recording()) return false;
            verify.begin(now);
        }
        if (streaming && verify.mark(stream.sentSeq())) return true;
        boolean busy = verify.step();
        if (!verify.compared() || !streaming || stream.awaitsSnapshot()) return busy;      // what is to be repaired must not count before a snapshot on its way
        verify.finish();
        wanted = proposed;
        proposed = null;
        if (now.repair()) repair();
        return true;
    }

    /** What a comparison found is made the same by an epoch, and what is damaged here fetched. */
    private void repair() throws IOException {
        DirtyMap hurt = verify.hurt();
        for (Blocks.Extent run = hurt.next(0, Blocks.BLOCK_BYTES); run.lengthBytes() > 0; run = hurt.next(run.endBytes(), Blocks.BLOCK_BYTES)) healing.ask(run.offsetBytes(), now -> { });
        if (!source.quiet()) repair.begin();
    }

    /** The session ends. */
    void stop() throws IOException {
        verify.stop();
        if (wanted != null) wanted.fail("the session ended");
    }
}
