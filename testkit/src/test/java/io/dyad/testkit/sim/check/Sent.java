package io.dyad.testkit.sim.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** What one numbered write makes of its blocks. */
record Sent(long number, Map<Integer, Long> blocks) {
    /** The first block that is neither what was sent last of what is promised, nor anything sent after. */
    static @Nullable String missing(Collection<Sent> promised, Collection<Sent> later, IntToLongFunction found) {
        Map<Integer, Long> last = new HashMap<>();
        promised.forEach(s -> last.putAll(s.blocks));
        Map<Integer, Set<Long>> may = new HashMap<>();
        later.forEach(s -> s.blocks.forEach((block, print) -> may.computeIfAbsent(block, b -> new HashSet<>()).add(print)));
        for (Map.Entry<Integer, Long> e : last.entrySet()) {
            long is = found.applyAsLong(e.getKey());
            if (is != e.getValue() && !may.getOrDefault(e.getKey(), Set.of()).contains(is)) return "block " + e.getKey() + " would be lost now";
        }
        return null;
    }
}
