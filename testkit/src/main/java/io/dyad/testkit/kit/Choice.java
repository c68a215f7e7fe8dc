package io.dyad.testkit.kit;

import io.dyad.testkit.model.Cluster;
import io.dyad.testkit.model.Key;
import io.dyad.testkit.model.Side;
import io.dyad.testkit.model.Volume;
import io.dyad.testkit.model.World;
import java.util.List;
import java.util.Optional;

/** Two numbers made into things of the world: mostly ones that exist, now and then ones that do not. */
record Choice(World world, Side on, int first, int second) {
    private static final long UNKNOWN = 999_999;
    /** The hex of an empty object: no key at all. */
    private static final String NO_KEY = "7b7d";

    Cluster here() { return world.on(on); }

    static <T> T oneOf(List<T> options, int number) { return options.get(Math.floorMod(number, options.size())); }

    private static long known(List<Long> ids, int number) { return ids.isEmpty() || number % 16 == 15 ? UNKNOWN : oneOf(ids, number); }

    long volume() { return known(List.copyOf(here().volumes().keySet()), first); }

    Optional<Volume> chosenVolume() { return here().volume(volume()); }

    /** Mostly a volume that can be paired. */
    long freeVolume() {
        List<Long> free = here().volumes().values().stream().filter(v -> !v.deleted() && v.pair().isEmpty()).map(Volume::id).toList();
        return free.isEmpty() || first % 8 > 5 ? volume() : oneOf(free, first);
    }

    long account(int number) { return known(List.copyOf(here().accounts().keySet()), number); }

    long clusterPair() { return known(List.copyOf(here().clusterPairs().keySet()), first); }

    /** Mostly the newest key of the other cluster; else an altered one, or any that was ever given out. */
    Key key(Key.Kind kind) {
        List<Key> fitting = world.keys().reversed().stream().filter(k -> k.kind() == kind && k.from() != on).toList();
        List<Key> all = world.keys();
        if (all.isEmpty()) return new Key(kind, on.other(), 0, "", NO_KEY, true);
        if (second % 8 < 4 && !fitting.isEmpty()) return fitting.getFirst();
        if (second % 8 < 6 && !fitting.isEmpty()) return fitting.getFirst().changed(first * 31 + second);
        return oneOf(all, second / 8);
    }
}
