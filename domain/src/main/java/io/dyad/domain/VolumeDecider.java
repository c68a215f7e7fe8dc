package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;

import io.dyad.domain.VolumeCommand.CreateVolume;
import io.dyad.domain.VolumeCommand.DeleteVolume;
import io.dyad.domain.VolumeCommand.ModifyVolume;
import io.dyad.domain.VolumeCommand.PurgeVolume;
import io.dyad.domain.VolumeCommand.RestoreVolume;
import io.dyad.domain.VolumeEvent.VolumeAccessChanged;
import io.dyad.domain.VolumeEvent.VolumeCreated;
import io.dyad.domain.VolumeEvent.VolumeDeleted;
import io.dyad.domain.VolumeEvent.VolumeGrown;
import io.dyad.domain.VolumeEvent.VolumeLabelled;
import io.dyad.domain.VolumeEvent.VolumePurged;
import io.dyad.domain.VolumeEvent.VolumeReassigned;
import io.dyad.domain.VolumeEvent.VolumeRestored;
import io.dyad.domain.VolumeState.Absent;
import io.dyad.domain.VolumeState.Active;
import io.dyad.domain.VolumeState.Deleted;
import io.dyad.domain.VolumeState.Purged;
import java.util.ArrayList;
import java.util.List;

/** The rules of a volume (Element 12.x API: CreateVolume, ModifyVolume, DeleteVolume …). */
public final class VolumeDecider implements Decider<VolumeState, VolumeCommand, VolumeEvent> {
    @Override public VolumeState initial() { return new Absent(); }

    @Override public Decision<VolumeEvent> decide(VolumeState state, VolumeCommand command) {
        return switch (state) {
            case Absent s  -> whenAbsent(command);
            case Active s  -> whenActive(s.volume(), command);
            case Deleted s -> whenDeleted(command);
            case Purged s  -> missing(command);
        };
    }

    private static Decision<VolumeEvent> whenAbsent(VolumeCommand command) {
        return switch (command) {
            case CreateVolume c when c.volume().name().isEmpty() || c.volume().name().length() > 64 ->
                refuse(Refusal.INVALID_PARAMETER, "name is not of 1 to 64 characters");
            case CreateVolume c when badSize(c.volume().sizeBytes()) -> refuseSize();
            case CreateVolume c  -> append(new VolumeCreated(c.volume().withSize(Volume.rounded(c.volume().sizeBytes()))));
            case ModifyVolume c  -> missing(c);
            case DeleteVolume c  -> missing(c);
            case RestoreVolume c -> missing(c);
            case PurgeVolume c   -> missing(c);
        };
    }

    private static Decision<VolumeEvent> whenActive(Volume volume, VolumeCommand command) {
        return switch (command) {
            case CreateVolume c  -> refuse(Refusal.INVALID_PARAMETER, "volume " + c.id() + " exists");
            case ModifyVolume c when c.sizeBytes().isPresent() && shrinks(volume, c.sizeBytes().get()) ->
                refuse(Refusal.VOLUME_SHRINK_PROHIBITED, "volume " + c.id() + " has " + volume.sizeBytes() + " bytes and cannot shrink");
            case ModifyVolume c when c.sizeBytes().isPresent() && badSize(c.sizeBytes().get()) -> refuseSize();
            case ModifyVolume c  -> new Decision.Accepted<>(changes(volume, c));
            case DeleteVolume c  -> append(new VolumeDeleted(c.id(), c.at(), c.purgeAt()));
            case RestoreVolume c -> refuse(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + c.id() + " is not deleted");
            case PurgeVolume c   -> refuse(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + c.id() + " is not deleted");
        };
    }

    private static Decision<VolumeEvent> whenDeleted(VolumeCommand command) {
        return switch (command) {
            case CreateVolume c  -> refuse(Refusal.INVALID_PARAMETER, "volume " + c.id() + " exists");
            case ModifyVolume c  -> refuse(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + c.id() + " is deleted");
            case DeleteVolume c  -> nothing();
            case RestoreVolume c -> append(new VolumeRestored(c.id()));
            case PurgeVolume c   -> append(new VolumePurged(c.id()));
        };
    }

    /** Only what differs, so that saying the same twice is no event. */
    private static List<VolumeEvent> changes(Volume v, ModifyVolume c) {
        List<VolumeEvent> events = new ArrayList<>();
        c.sizeBytes().map(Volume::rounded).filter(s -> s > v.sizeBytes()).ifPresent(s -> events.add(new VolumeGrown(v.id(), s)));
        c.account().filter(a -> !a.equals(v.account())).ifPresent(a -> events.add(new VolumeReassigned(v.id(), a)));
        Volume.Qos qos = c.qos().orElse(v.qos());
        var attributes = c.attributes().orElse(v.attributes());
        if (!qos.equals(v.qos()) || !attributes.equals(v.attributes())) events.add(new VolumeLabelled(v.id(), qos, attributes));
        c.access().filter(a -> a != v.access()).ifPresent(a -> events.add(new VolumeAccessChanged(v.id(), v.access(), a)));
        return events;
    }

    /** Less than the size once rounded up; a number too large to be rounded is no shrinking. */
    private static boolean shrinks(Volume volume, long bytes) { return bytes < volume.sizeBytes() && Volume.rounded(bytes) < volume.sizeBytes(); }

    private static boolean badSize(long bytes) { return bytes < Volume.MIN_BYTES || bytes > Volume.MAX_BYTES; }

    private static Decision<VolumeEvent> refuseSize() {
        return refuse(Refusal.INVALID_PARAMETER, "totalSize is not of " + Volume.MIN_BYTES + " to " + Volume.MAX_BYTES + " bytes");
    }

    private static Decision<VolumeEvent> missing(VolumeCommand command) {
        return refuse(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + command.id() + " does not exist");
    }

    @Override public VolumeState evolve(VolumeState state, VolumeEvent event) {
        return switch (event) {
            case VolumeCreated e when state instanceof Absent         -> new Active(e.volume());
            case VolumeAccessChanged e when state instanceof Active s -> new Active(s.volume().withAccess(e.to()));
            case VolumeGrown e when state instanceof Active s         -> new Active(s.volume().withSize(e.sizeBytes()));
            case VolumeReassigned e when state instanceof Active s    -> new Active(s.volume().withOwner(e.account()));
            case VolumeLabelled e when state instanceof Active s      -> new Active(s.volume().withLabels(e.qos(), e.attributes()));
            case VolumeDeleted e when state instanceof Active s       -> new Deleted(s.volume(), e.at(), e.purgeAt());
            case VolumeRestored e when state instanceof Deleted s     -> new Active(s.volume());
            case VolumePurged e when state instanceof Deleted s       -> new Purged(s.volume().id());
            case VolumeCreated e       -> throw new CorruptHistoryException(state, e);
            case VolumeAccessChanged e -> throw new CorruptHistoryException(state, e);
            case VolumeGrown e         -> throw new CorruptHistoryException(state, e);
            case VolumeReassigned e    -> throw new CorruptHistoryException(state, e);
            case VolumeLabelled e      -> throw new CorruptHistoryException(state, e);
            case VolumeDeleted e       -> throw new CorruptHistoryException(state, e);
            case VolumeRestored e      -> throw new CorruptHistoryException(state, e);
            case VolumePurged e        -> throw new CorruptHistoryException(state, e);
        };
    }
}
