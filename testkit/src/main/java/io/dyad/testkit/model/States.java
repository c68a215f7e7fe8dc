package io.dyad.testkit.model;

import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec.Words;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code remoteReplication.state} and {@code clusterPair.status} may show: once settled, and on the way there.
 * Several reasons to pause may hold at once; any of them may be shown, for their order is documented nowhere.
 */
public final class States {
    private static final List<String> RESUMING =
        List.of("Idle", "ResumingConnected", "ResumingRRSync", "ResumingLocalSync", "ResumingDataTransfer", "Active");
    private static final List<String> STATES = ((Words) Spec.load().type("ReplicationState")).values();

    private States() { }

    /** The states of a paired volume, one of which holds in the end. */
    public static Set<String> settled(World world, Side side, Volume volume) {
        VolumeHalf half = volume.pair().orElseThrow();
        Set<String> states = new TreeSet<>();
        switch (half.phase()) {
            case OFFERED -> states.add("Unconfigured");
            case SEVERED -> states.add("StoppedMisconfigured");
            case PAIRED  -> states.addAll(whilePaired(volume, half, partner(world, side, volume)));
        }
        if (volume.deleted()) states.addAll(List.of("Idle", "PausedMisconfigured", "StoppedMisconfigured"));
        return states;
    }

    private static Set<String> whilePaired(Volume volume, VolumeHalf half, Volume partner) {
        Set<String> reasons = reasons(volume, half, partner);
        if (!reasons.isEmpty()) return reasons;
        return half.mode().equals("SnapshotsOnly") ? Set.of("Idle", "Active") : Set.of("Active");
    }

    private static Set<String> reasons(Volume volume, VolumeHalf half, Volume partner) {
        Set<String> reasons = new TreeSet<>();
        if (half.paused()) reasons.add("PausedManual");
        if (partner.pair().filter(VolumeHalf::paused).isPresent()) reasons.add("PausedManualRemote");
        Optional<Volume> source = of("readWrite", volume, partner);
        Optional<Volume> target = of("replicationTarget", volume, partner);
        boolean directed = source.isPresent() && target.isPresent();
        if (!directed || volume.deleted() || partner.deleted()) reasons.add("PausedMisconfigured");
        if (directed && target.get().sizeBytes() < source.get().sizeBytes()) reasons.add("PausedVolumeSizeMismatch");
        return reasons;
    }

    private static Optional<Volume> of(String access, Volume one, Volume other) {
        return one.access().equals(access) ? Optional.of(one) : other.access().equals(access) ? Optional.of(other) : Optional.empty();
    }

    /** What may be seen between two worlds; a call in between turned the one into the other. */
    public static Set<String> passing(World before, World after, Side side, String pairUuid) {
        Set<String> states = new TreeSet<>();
        boolean wasPaired = add(states, before, side, pairUuid);
        boolean isPaired = add(states, after, side, pairUuid);
        if (isPaired && !wasPaired) states.addAll(List.of("Idle", "PausedDisconnected", "PausedMisconfigured", "ResumingConnected"));
        return states;
    }

    private static boolean add(Set<String> states, World world, Side side, String pairUuid) {
        Optional<Volume> volume = world.on(side).volumeOfPair(pairUuid);
        if (volume.isEmpty()) return false;
        Set<String> settled = settled(world, side, volume.get());
        states.addAll(settled);
        if (settled.contains("Active")) states.addAll(RESUMING);
        return volume.get().in(Phase.PAIRED);
    }

    /**
     * Whether a state may follow another, with any number of unseen ones between: nothing comes back to Unconfigured,
     * and StoppedMisconfigured is permanent.
     */
    public static boolean edge(String from, String to) {
        if (from.equals(to)) return true;
        return STATES.contains(to) && !to.equals("Unconfigured") && !from.equals("StoppedMisconfigured");
    }

    /** The status of a cluster pair in the end. */
    public static String settled(ClusterHalf half) {
        return switch (half.phase()) {
            case OFFERED -> "Unconfigured";
            case PAIRED  -> "Connected";
            case SEVERED -> "Misconfigured";
        };
    }

    /** What a cluster pair may show before it settles: Misconfigured is a normal transient after completion. */
    public static Set<String> passing(ClusterHalf half) {
        return switch (half.phase()) {
            case OFFERED -> Set.of("Unconfigured");
            case PAIRED  -> Set.of("Unconfigured", "Misconfigured", "Disconnected", "Connected");
            case SEVERED -> Set.of("Connected", "Disconnected", "Misconfigured");
        };
    }

    /** Whether a status may follow another. */
    public static boolean statusEdge(String from, String to) { return from.equals(to) || !to.equals("Unconfigured"); }

    private static Volume partner(World world, Side side, Volume volume) {
        return world.partner(side, volume).orElseThrow(() -> new IllegalStateException("a completed pair has two ends"));
    }
}
