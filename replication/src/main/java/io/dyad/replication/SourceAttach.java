package io.dyad.replication;

import io.dyad.replication.Hello.Base;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** How a source finds the point that both ends share: it greets, and learns where the target stands and what may differ there. */
final class SourceAttach {
    private final ReplicatedVolume volume;
    private final SourceSide source;
    private final Hello own;
    private final Differing theirs = new Differing();
    private final DirtyMap allocated = new DirtyMap();
    private final DirtyMap staged = new DirtyMap();
    private final List<UUID> wanted;
    private Set<UUID> held = Set.of();
    private Hello target;
    private Base base = Base.COMMON_POINT;

    /** {@code wanted}: the snapshots that are to be on the target, oldest first. */
    SourceAttach(ReplicatedVolume volume, List<UUID> wanted) {
        this.volume = volume;
        this.source = volume.source();
        this.wanted = wanted;
        Mark mark = volume.ledger().mark();
        this.own = new Hello(mark.bond().progress(mark.bond().progress().shared(), mark.bond().epoch()), mark.interrupted().epoch());
        this.target = own;
    }

    void greet(Outlet outlet) throws LinkDownException {
        outlet.send(Frame.of(FrameType.ATTACH, WireVersion.NEWEST, WireVersion.OLDEST, own.toBytes()));
    }

    void position(Frame frame) throws BadFrameException {
        WireVersion.require(frame.number());
        target = Hello.parse(frame.payload());
        base = Hello.base(own, target);
    }

    void staged(Frame frame) { staged.mark(frame.offsetBytes(), frame.lengthBytes()); }

    void holds(Frame frame) throws BadFrameException { held = Names.all(frame); }

    /** The wanted snapshots that the target has. */
    List<UUID> arrived() { return wanted.stream().filter(held::contains).toList(); }

    /** Takes in a piece of what may differ on the target; true when that was the last, and the first epoch may begin. */
    boolean diverged(Frame frame) throws IOException {
        if (frame.lengthBytes() == 0) {
            attached();
            return true;
        }
        DirtyMap which = switch ((int) frame.number()) {
            case TargetAttach.KNOWN     -> theirs.known();
            case TargetAttach.IN_DOUBT  -> theirs.doubt();
            case TargetAttach.ALLOCATED -> allocated;
            default -> throw new BadFrameException("blocks that differ in a way " + frame.number() + " unknown here");
        };
        which.mark(frame.offsetBytes(), frame.lengthBytes());
        return false;
    }

    private void attached() throws IOException {
        arrived().forEach(source::arrived);
        List<UUID> missing = wanted.stream().filter(name -> !held.contains(name)).toList();
        source.want(missing);
        if (source.waitingSnapshot().isPresent() && held.size() >= Snapshots.MAX) throw new SnapshotLimitException("the target holds " + held.size() + " snapshots");
        if (base == Base.FIRST_SYNC) {
            all(volume.allocated());
            source.sharesNothing(theirs);
        } else source.lacks(theirs);
        if (base == Base.COMMON_POINT) {
            source.heard(target.bond().point());
            if (own.bond().progress() != Mark.Progress.SYNCED) volume.ledger().progress(Mark.Progress.SYNCED, target.bond().epoch());
        } else {
            source.heard(Mark.Point.NONE);
            volume.ledger().progress(Mark.Progress.PARTIAL, own.bond().epoch());
        }
    }

    /**
     * Nothing is known to be shared: what only one end has allocated differs, what both have is in doubt. All of it is in doubt
     * behind a snapshot, which comes first and may bring it.
     */
    private void all(DirtyMap here) {
        DirtyMap both = here.copy();
        both.retain(allocated);
        if (source.waitingSnapshot().isPresent()) both.add(here);
        theirs.know(here);
        theirs.know(allocated);
        theirs.known().remove(both);
        theirs.doubt().add(both);
    }

    /** How the first epoch goes. */
    Cut.Plan plan() {
        long epoch = Math.max(own.bond().epoch(), Math.max(own.pending(), target.bond().epoch())) + 1;
        boolean direct = base != Base.COMMON_POINT;
        return new Cut.Plan(epoch, direct, direct ? Cut.Stage.none() : new Cut.Stage(target.bond().stage(), staged), source.waitingSnapshot());
    }
}
