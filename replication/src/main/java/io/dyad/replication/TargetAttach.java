package io.dyad.replication;

import java.io.IOException;

/** How a target answers a source's greeting: where it stands, what it holds staged, and which blocks may differ here. */
final class TargetAttach {
    static final int KNOWN = 0;
    static final int IN_DOUBT = 1;
    static final int ALLOCATED = 2;
    private final ReplicatedVolume volume;
    private final TargetSide target;
    private final Inlet inlet;
    private History source = History.none();
    private DirtyMap own = new DirtyMap();

    TargetAttach(ReplicatedVolume volume, Inlet inlet) {
        this.volume = volume;
        this.target = volume.target();
        this.inlet = inlet;
    }

    void answer(Frame greeting) throws IOException {
        int version = WireVersion.common(greeting.offsetBytes(), greeting.number());
        Hello theirs = Hello.parse(greeting.payload());
        source = theirs.bond().history();
        target.intake().settle();                        // if the last session could not
        Mark mark = volume.ledger().mark();
        Hello.Base base = Hello.base(theirs, new Hello(mark.bond(), 0));
        if (base != Hello.Base.COMMON_POINT) target.dropStage();
        Cut.Stage stage = target.stageBlocks();
        inlet.send(Frame.of(FrameType.POSITION, version, 0, new Hello(mark.bond().stage(stage.number()), 0).toBytes()));
        stage.blocks().send(FrameType.STAGED, 0, inlet::send);
        inlet.send(Frame.of(FrameType.HOLDS, 0, 0, Names.of(volume.cuts().names())));
        own = mark.since().all();
        if (base == Hello.Base.FIRST_SYNC) {
            DirtyMap allocated = volume.allocated();
            allocated.send(FrameType.DIVERGED, ALLOCATED, inlet::send);
            if (!mark.bond().lineage().equals(theirs.bond().lineage()) || mark.bond().progress() != Mark.Progress.PARTIAL) own = allocated;
        }
        mark.since().known().send(FrameType.DIVERGED, KNOWN, inlet::send);
        mark.since().doubt().send(FrameType.DIVERGED, IN_DOUBT, inlet::send);
        inlet.send(Frame.of(FrameType.DIVERGED, 0, 0, 0));
    }

    /** Whose writes come. */
    History source() { return source; }

    /** Blocks that only this end may hold, which are not to be overwritten unless a snapshot keeps them. */
    DirtyMap own() { return own; }
}
