package io.dyad.replication;

import java.io.IOException;

/** How a target answers a source's greeting: where it stands, and which blocks may differ here. */
final class TargetAttach {
    private final ReplicatedVolume volume;
    private final Inlet inlet;

    TargetAttach(ReplicatedVolume volume, Inlet inlet) {
        this.volume = volume;
        this.inlet = inlet;
    }

    /** What may differ: what changed here since the common point, or all there is when there is none. */
    void answer(Hello source) throws IOException {
        Mark mark = volume.mark();
        Hello own = new Hello(mark.lineage(), mark.progress(), true, mark.epoch());
        inlet.send(Frame.of(FrameType.POSITION, mark.epoch(), 0, own.toBytes()));
        DirtyMap differing = Hello.base(source, own) == Hello.Base.FIRST_SYNC ? volume.allocated() : mark.dirty();
        for (Blocks.Extent run = differing.next(0, Long.MAX_VALUE); run.lengthBytes() > 0; run = differing.next(run.endBytes(), Long.MAX_VALUE))
            inlet.send(Frame.of(FrameType.DIVERGED, mark.epoch(), run.offsetBytes(), run.lengthBytes()));
        inlet.send(Frame.of(FrameType.DIVERGED, mark.epoch(), 0, 0));
    }
}
