package io.dyad.testkit.sim.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * I8: what a source says of how far its target is behind. Its counters are never negative, and the age of the oldest write that the
 * target lacks is true within a second. Knows the writes of one process, while its volume is open for hosts.
 */
public final class LagTold {
    private static final long SLACK_NS = 1_000_000_000L;

    /** What a write left of a block. */
    private record Version(long atNs, long print) { }

    private final Map<Integer, List<Version>> versions = new HashMap<>();
    private long settledNs;

    public void wrote(Map<Integer, Long> blocks, long nowNs) {
        blocks.forEach((block, print) -> versions.computeIfAbsent(block, b -> new ArrayList<>()).add(new Version(nowNs, print)));
    }

    /** A write of these has failed half-way: nobody knows what the target is to hold of it. */
    public void failed(Iterable<Integer> blocks) { blocks.forEach(versions::remove); }

    /** Another process, or another pair: nothing is known of earlier writes. */
    public void forget() { versions.clear(); }

    /** Both ends hold the same, and both know. */
    public void settled(long nowNs) {
        versions.clear();
        settledNs = nowNs;
    }

    /**
     * {@code bytes}, {@code oldestNs}: what is said. {@code awakeNs}: before that the process stood still, and could not take note of its
     * writes. {@code target}: what the other end holds.
     */
    public @Nullable String wrong(long bytes, long oldestNs, long nowNs, long awakeNs, IntToLongFunction target) {
        if (bytes < 0 || oldestNs < 0) return "the target lacks " + bytes + " bytes, the oldest of them " + oldestNs + " ns old";
        long trueNs = nowNs;
        for (Map.Entry<Integer, List<Version>> e : versions.entrySet())
            trueNs = Math.min(trueNs, Math.max(awakeNs, lackedSince(e.getValue(), target.applyAsLong(e.getKey()), nowNs)));
        if (nowNs - trueNs > oldestNs + SLACK_NS) return "the oldest write that the target lacks is " + (nowNs - trueNs) + " ns old and not " + oldestNs;
        if (oldestNs > nowNs - settledNs + SLACK_NS) return "a write is lacked for " + oldestNs + " ns and both ends were the same " + (nowNs - settledNs) + " ns ago";
        return null;
    }

    /** When the first version was written that comes after the one that the target holds. */
    private static long lackedSince(List<Version> all, long held, long nowNs) {
        int next = all.size();
        while (next > 0 && all.get(next - 1).print() != held) next--;
        return next == all.size() ? nowNs : all.get(next).atNs();
    }
}
