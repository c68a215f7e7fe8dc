package io.dyad.replication;

import java.util.Optional;
import java.util.UUID;

/**
 * A point in the write order that is being shipped as an epoch, read from the frozen layers. The volume's lock guards it.
 * What the target lacks of it ({@link #lacks}) stays whole until the epoch is committed; what is left to do is kept beside it.
 */
final class Cut {
    private final long seq;
    private final LayerStack.Frozen view;
    private final Plan plan;
    private final Differing lacks;
    private final DirtyMap toShip;
    private final DirtyMap toCompare;
    private final DirtyMap stale;
    private final DirtyMap unreadable = new DirtyMap();
    private final DirtyMap shipped = new DirtyMap();

    /** A target's staged layer: the epoch it was begun with, 0 for none, and the blocks in it. */
    record Stage(long number, DirtyMap blocks) {
        static Stage none() { return new Stage(0, new DirtyMap()); }
    }

    /** How an epoch goes. {@code direct}: there is no point to protect, so it is applied as it comes. Else it goes on with {@code stage}, or a fresh one. {@code snapshot}: the one whose content it is. */
    record Plan(long epoch, boolean direct, Stage stage, Optional<UUID> snapshot) { }

    /** {@code good}: blocks of the stage that are as they are at this cut. */
    Cut(long seq, LayerStack.Frozen view, Plan plan, Differing lacks, DirtyMap good) {
        this.seq = seq;
        this.view = view;
        this.plan = plan;
        this.lacks = lacks;
        this.toShip = lacks.known().copy();
        this.toCompare = lacks.doubt().copy();
        this.stale = plan.stage().blocks().copy();
        toShip.remove(good);
        toCompare.remove(good);
        stale.remove(good);
    }

    /** The last write that it holds. */
    long seq() { return seq; }

    LayerStack.Frozen view() { return view; }

    Optional<UUID> snapshot() { return plan.snapshot(); }

    /** What the target's committed point may lack. */
    Differing lacks() { return lacks; }

    /** True when the target goes on with the layer it has. */
    boolean continues() { return plan.stage().number() > 0; }

    DirtyMap toShip() { return toShip; }

    DirtyMap toCompare() { return toCompare; }

    void sent(Blocks.Extent part) {
        toShip.clear(part.offsetBytes(), part.lengthBytes());
        if (plan.snapshot().isPresent()) shipped.mark(part.offsetBytes(), part.lengthBytes());
    }

    /** Of a snapshot: the parts that were sent, or turned out to be staged already. */
    DirtyMap shipped() { return shipped; }

    /** A part is durable on the target: staged, or applied directly. */
    void landed(Blocks.Extent part) {
        if (plan.direct()) lacks.known().clear(part.offsetBytes(), part.lengthBytes());
        else stale.clear(part.offsetBytes(), part.lengthBytes());
    }

    void asked(Blocks.Extent part) { toCompare.clear(part.offsetBytes(), part.lengthBytes()); }

    /** A block is damaged here: it cannot be shipped, nor told whether it is the same, unless it is {@link #mended}. The rest goes on. */
    void setAside(long offsetBytes) {
        toShip.clear(offsetBytes, Blocks.BLOCK_BYTES);
        unreadable.mark(offsetBytes, Blocks.BLOCK_BYTES);
    }

    /** A block that was set aside is whole again; {@code same}: the target holds it so. */
    void mended(long offsetBytes, boolean same) {
        unreadable.clear(offsetBytes, Blocks.BLOCK_BYTES);
        if (same) same(offsetBytes, Blocks.BLOCK_BYTES);
        else differs(offsetBytes, Blocks.BLOCK_BYTES);
    }

    /** What the target does not get with this epoch. */
    DirtyMap unreadable() { return unreadable; }

    /** A block turns out to be the same on both ends: nothing to ship, though the target may have it only staged. */
    void same(long offsetBytes, long lengthBytes) {
        DirtyMap part = new DirtyMap();
        part.mark(offsetBytes, lengthBytes);
        lacks.remove(part);
        stale.remove(part);
        part.retain(plan.stage().blocks());
        lacks.known().add(part);
        if (plan.snapshot().isPresent()) shipped.add(part);
    }

    /** A block that was in doubt differs. */
    void differs(long offsetBytes, long lengthBytes) {
        lacks.mark(offsetBytes, lengthBytes);
        toShip.mark(offsetBytes, lengthBytes);
    }

    /** What is to be remembered when the epoch is broken off now. */
    Interrupted broken() {
        long stage = plan.direct() ? 0 : continues() ? plan.stage().number() : plan.epoch();
        return new Interrupted(plan.epoch(), stage, lacks, stale);
    }

    long blocksLeft() { return toShip.count() + toCompare.count(); }
}
