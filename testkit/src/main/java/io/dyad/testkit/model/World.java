package io.dyad.testkit.model;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Both clusters, and every key that they answered, oldest first. */
public final class World {
    private final Map<Side, Cluster> clusters = new EnumMap<>(Side.class);
    private final List<Key> keys = new ArrayList<>();

    public World(Cluster a, Cluster b) {
        clusters.put(Side.A, a);
        clusters.put(Side.B, b);
    }

    public World copy() {
        World copy = new World(on(Side.A).copy(), on(Side.B).copy());
        copy.keys.addAll(keys);
        return copy;
    }

    public Cluster on(Side side) {
        Cluster cluster = clusters.get(side);
        if (cluster == null) throw new IllegalStateException("a world has two sides");
        return cluster;
    }

    public List<Key> keys() { return keys; }

    /** The volume at the other end of a completed pair, while that end has it too. */
    Optional<Volume> partner(Side side, Volume volume) {
        return volume.pair().filter(p -> p.phase() == Phase.PAIRED)
            .flatMap(p -> on(side.other()).volume(p.remoteVolumeId()));
    }

    /** What a volume pair's end going away does to the other end. */
    void sever(Side other, VolumeHalf gone) {
        if (gone.phase() != Phase.PAIRED) return;
        on(other).volumeOfPair(gone.uuid()).ifPresent(v -> on(other).put(v.withPair(v.pair().orElseThrow().severed())));
    }
}
