package io.dyad.replication;

import io.dyad.replication.Hello.Base;
import java.io.IOException;

/** How a source finds the point that both ends share: it greets, and learns where the target stands and what may differ there. */
final class SourceAttach {
    private final ReplicatedVolume volume;
    private final Hello own;
    private final DirtyMap diverged = new DirtyMap();
    private Base base = Base.COMMON_POINT;
    private long targetEpoch;

    SourceAttach(ReplicatedVolume volume) {
        this.volume = volume;
        Mark mark = volume.mark();
        this.own = new Hello(mark.lineage(), mark.progress().shared(), volume.exact(), mark.epoch());
    }

    void greet(Outlet outlet) throws LinkDownException { outlet.send(Frame.of(FrameType.ATTACH, 1, 0, own.toBytes())); }

    void position(Frame frame) throws BadFrameException { base = Hello.base(own, Hello.parse(frame.payload())); }

    /** Takes in a piece of what may differ on the target; true when that was the last, and the first epoch may begin. */
    boolean diverged(Frame frame) throws IOException {
        if (frame.lengthBytes() > 0) {
            diverged.mark(frame.offsetBytes(), frame.lengthBytes());
            return false;
        }
        targetEpoch = frame.number();
        if (base == Base.FIRST_SYNC) diverged.add(volume.allDirty());
        if (base != Base.COMMON_POINT) volume.progress(Mark.Progress.PARTIAL, own.epoch());
        return true;
    }

    Base base() { return base; }

    /** What may differ beyond what this end has dirtied. */
    DirtyMap differing() { return diverged; }

    /** The last epoch that either end has committed. */
    long epoch() { return Math.max(own.epoch(), targetEpoch); }
}
