package io.dyad.testkit.sim.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** I5: wherever a snapshot of some name is, it holds what the volume held at the moment it was taken. */
public final class Cuts {
    private final Map<UUID, Map<Integer, Long>> taken = new HashMap<>();
    private final Map<Integer, Set<UUID>> looked = new HashMap<>();

    /** A snapshot was taken of a volume that held this. */
    public void taken(UUID name, Map<Integer, Long> content) { taken.putIfAbsent(name, Map.copyOf(content)); }

    /** True the first time that this end is found to hold that snapshot, and only of those taken by somebody. */
    public boolean fresh(int end, UUID name) { return taken.containsKey(name) && looked.computeIfAbsent(end, e -> new HashSet<>()).add(name); }

    public boolean knows(UUID name) { return taken.containsKey(name); }

    public Map<Integer, Long> content(UUID name) { return taken.getOrDefault(name, Map.of()); }

    /** Why this is not what the snapshot of that name holds; null when it is. */
    public @Nullable String wrong(UUID name, Map<Integer, Long> content) {
        Map<Integer, Long> then = content(name);
        if (then.equals(content)) return null;
        Set<Integer> differing = new HashSet<>(then.keySet());
        differing.addAll(content.keySet());
        differing.removeIf(b -> then.getOrDefault(b, Prints.ZEROES).equals(content.getOrDefault(b, Prints.ZEROES)));
        return "snapshot " + name + " differs from what it was taken of in " + differing.size() + " blocks: " + differing.stream().sorted().limit(8).toList();
    }
}
