package io.dyad.testkit.sim;

import io.dyad.domain.VolumeId;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.VolumeStore;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** The volumes of one cluster, in memory, as its disks would hold them. Strict: what a contract forbids throws. */
final class SimStore implements VolumeStore {
    private final Map<Long, SimVolume> volumes = new TreeMap<>();
    private final SimTrouble trouble;

    SimStore(SimTrouble trouble) { this.trouble = trouble; }

    SimTrouble trouble() { return trouble; }

    /** True when a volume waits to be opened anew after a failed sync. */
    boolean stopped() { return volumes.values().stream().anyMatch(v -> v.stopped); }

    @Override public StoredVolume create(VolumeId id, long sizeBytes) throws IOException {
        trouble.tick();
        if (volumes.containsKey(id.value())) throw new IOException("volume " + id + " exists");
        volumes.put(id.value(), new SimVolume(sizeBytes));
        return open(id);
    }

    @Override public StoredVolume open(VolumeId id) throws IOException {
        trouble.tick();
        SimVolume volume = volumes.get(id.value());
        if (volume == null) throw new IOException("volume " + id + " does not exist");
        return volume.open(trouble);
    }

    @Override public void delete(VolumeId id) {
        trouble.tick();
        volumes.remove(id.value());
    }

    @Override public Set<VolumeId> volumes() {
        return volumes.keySet().stream().map(VolumeId::new).collect(java.util.stream.Collectors.toSet());
    }

    SimVolume volume(VolumeId id) { return java.util.Objects.requireNonNull(volumes.get(id.value())); }

    void crash(SimCrash.Kind kind, Random dice) { volumes.values().forEach(v -> v.crash(kind, dice)); }

    /** This store with one volume only, as it would be found after a crash now. */
    SimStore fork(VolumeId id, SimCrash.Kind kind, Random dice) {
        SimStore fork = new SimStore(SimTrouble.NONE);
        SimVolume copy = volume(id).copy();
        copy.crash(kind, dice);
        fork.volumes.put(id.value(), copy);
        return fork;
    }
}
