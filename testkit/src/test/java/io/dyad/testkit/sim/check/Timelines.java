package io.dyad.testkit.sim.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of a pair may hold, known from the writes alone. While hosts may write to an end it has a timeline: its
 * content at the start and every write since, in order. An end that hosts may not write to holds what it held last, or
 * some prefix of a timeline of the other end, and never goes back to an earlier timeline.
 */
public final class Timelines {
    private static final long ZEROES = 0;

    /** The state after {@code number} writes, for each number: per block the number of each write to it, and what it left. */
    private static final class Timeline {
        final int end;
        final Map<Integer, Long> base;
        final Map<Integer, TreeMap<Integer, Long>> writes = new HashMap<>();
        /** Blocks whose present content may be lost by a power cut: what they may come back as. */
        final Map<Integer, Set<Long>> unflushed = new HashMap<>();
        int length;

        Timeline(int end, Map<Integer, Long> base) {
            this.end = end;
            this.base = base;
        }

        long at(int block, int number) {
            TreeMap<Integer, Long> versions = writes.get(block);
            Map.Entry<Integer, Long> last = versions == null ? null : versions.floorEntry(number);
            return last == null ? base.getOrDefault(block, ZEROES) : last.getValue();
        }

        Set<Integer> blocks() {
            Set<Integer> all = new HashSet<>(base.keySet());
            all.addAll(writes.keySet());
            return all;
        }

        boolean everHeld(int block, long print) {
            return base.getOrDefault(block, ZEROES) == print || writes.getOrDefault(block, new TreeMap<>()).containsValue(print);
        }

        /** The first prefix that is this content but for the lost blocks, or -1. */
        int prefix(Map<Integer, Long> content, Set<Integer> lost) {
            Set<Integer> all = blocks();
            if (!union(all, lost).containsAll(content.keySet())) return -1;
            all.removeAll(lost);
            int[] agreeing = agreeing(content, all);
            int count = 0;
            for (int number = 0; number <= length; number++) {
                count += agreeing[number];
                if (count == all.size()) return number;
            }
            return -1;
        }

        /** How many blocks agree, counted over all prefixes at once: each entry is what the next prefix has more than the one before it. */
        private int[] agreeing(Map<Integer, Long> content, Set<Integer> all) {
            int[] agreeing = new int[length + 2];
            for (int block : all) {
                long is = content.getOrDefault(block, ZEROES);
                long was = base.getOrDefault(block, ZEROES);
                int since = 0;
                for (Map.Entry<Integer, Long> e : writes.getOrDefault(block, new TreeMap<>()).entrySet()) {
                    if (was == is) {
                        agreeing[since]++;
                        agreeing[e.getKey()]--;
                    }
                    since = e.getKey();
                    was = e.getValue();
                }
                if (was == is) {
                    agreeing[since]++;
                    agreeing[length + 1]--;
                }
            }
            return agreeing;
        }

        /** The prefix that comes nearest, and where it differs; for people. */
        String nearest(Map<Integer, Long> content) {
            int[] agreeing = agreeing(content, blocks());
            int best = 0;
            for (int number = 0, count = 0, most = -1; number <= length; number++) {
                count += agreeing[number];
                if (count <= most) continue;
                most = count;
                best = number;
            }
            int nearest = best;
            List<String> differing = union(blocks(), content.keySet()).stream().filter(b -> at(b, nearest) != content.getOrDefault(b, ZEROES)).sorted()
                .map(b -> b + " of write " + writer(b, content.getOrDefault(b, ZEROES))).toList();
            return "prefix " + nearest + " of " + length + " comes nearest; " + differing.size() + " blocks differ: " + differing.stream().limit(8).toList();
        }

        private String writer(int block, long print) {
            if (base.getOrDefault(block, ZEROES) == print) return "0";
            return writes.getOrDefault(block, new TreeMap<>()).entrySet().stream().filter(e -> e.getValue() == print).map(e -> e.getKey().toString()).findFirst().orElse("none");
        }
    }

    private final List<Timeline> all = new ArrayList<>();
    private final Timeline[] own;
    /** The earliest of {@link #all} that an end's content may be of; -1: it holds what it held last. */
    private final int[] position = {-1, -1};
    /** Its own content has given way to the other end's. */
    private final boolean[] yielded = new boolean[2];
    /** What snapshots hold that are to be on the other end: older content, which a target may come to show. */
    private final List<Map<Integer, Long>> shipped = new ArrayList<>();

    public Timelines() { own = new Timeline[] {new Timeline(0, Map.of()), new Timeline(1, Map.of())}; }

    /** Hosts may write to this end from now on, and it holds this. */
    public void opened(int end, Map<Integer, Long> content) {
        Timeline next = new Timeline(end, Map.copyOf(content));
        if (position[end] < 0) own[end].unflushed.forEach((block, may) -> next.unflushed.put(block, new HashSet<>(may)));
        own[end] = next;
        all.add(next);
        position[end] = -1;
        yielded[end] = false;
    }

    /** A snapshot that holds this is to be on both ends. */
    public void ships(Map<Integer, Long> content) { shipped.add(Map.copyOf(content)); }

    /**
     * This end takes on the other's content. What it loses for good: blocks of its own that the other end has never held and that are
     * not {@code kept}.
     */
    public @Nullable String loses(int end, Collection<IntToLongFunction> kept) {
        if (yielded[end] || position[end] >= 0) return null;
        yielded[end] = true;
        Timeline own = this.own[end];
        List<Timeline> theirs = all.stream().filter(t -> t.end != end).toList();
        List<Integer> lost = own.blocks().stream().filter(block -> {
            long print = own.at(block, own.length);
            return theirs.stream().noneMatch(t -> t.everHeld(block, print)) && kept.stream().noneMatch(k -> k.applyAsLong(block) == print);
        }).sorted().toList();
        return lost.isEmpty() ? null : "blocks of its own that nobody will ever see again: " + lost.stream().limit(8).toList();
    }

    /** An end that held its own content has lost part of what was not flushed: what is left is durable. */
    public void crashed(int end, Map<Integer, Long> content) {
        if (position[end] >= 0 || notOwn(own[end], content, true, Set.of()) != null) return;
        own[end] = new Timeline(end, Map.copyOf(content));
        all.add(own[end]);
    }

    /** A write is under way: a crash may leave any part of it. */
    public void writing(int end, Map<Integer, Long> blocks) {
        Timeline t = own[end];
        blocks.forEach((block, print) -> {
            Set<Long> may = t.unflushed.computeIfAbsent(block, b -> new HashSet<>());
            may.add(t.at(block, t.length));
            may.add(print);
        });
    }

    /** The write has been acknowledged. */
    public void written(int end, Map<Integer, Long> blocks) {
        Timeline t = own[end];
        t.length++;
        blocks.forEach((block, print) -> t.writes.computeIfAbsent(block, b -> new TreeMap<>()).put(t.length, print));
    }

    public void flushed(int end) { own[end].unflushed.clear(); }

    public int writes(int end) { return own[end].length; }

    /** What a writable end must hold now, by its last acknowledged write. */
    public @Nullable String wrongTip(int end, Map<Integer, Long> content) {
        Timeline t = own[end];
        for (int block : union(t.blocks(), content.keySet()))
            if (t.at(block, t.length) != content.getOrDefault(block, ZEROES)) return "block " + block + " is not what was written last";
        return null;
    }

    /**
     * Why this is not a content that the end may have, after a crash of that kind if any; null when it is. Remembers where it stands.
     * {@code lost}: blocks that nobody holds whole any more as they should be.
     */
    public @Nullable String wrong(int end, Map<Integer, Long> content, boolean crashed, Set<Integer> lost) {
        String notOwn = position[end] < 0 ? notOwn(own[end], content, crashed, lost) : "its own timeline was left";
        if (notOwn == null) return null;
        for (int i = Math.max(0, position[end]); i < all.size(); i++) {
            if (all.get(i).end == end || all.get(i).prefix(content, lost) < 0) continue;
            position[end] = i;
            return null;
        }
        if (shipped.contains(content)) return null;
        return notOwn + ", and it is no prefix of any of the " + all.stream().filter(t -> t.end != end).count() + " timelines of the other end" + told(end, content);
    }

    /** This is what a snapshot holds that is to be on the other end. */
    public boolean isShipped(Map<Integer, Long> content) { return shipped.contains(content); }

    /** How far off each timeline is, for people. */
    private String told(int end, Map<Integer, Long> content) {
        StringBuilder words = new StringBuilder("\n  of its own, ").append(own[end].nearest(content));
        for (int i = Math.max(0, position[end]); i < all.size(); i++)
            if (all.get(i).end != end) words.append("\n  of timeline ").append(i).append(" of the other end, ").append(all.get(i).nearest(content));
        return words.toString();
    }

    private static @Nullable String notOwn(Timeline t, Map<Integer, Long> content, boolean crashed, Set<Integer> lost) {
        for (int block : union(union(t.blocks(), content.keySet()), t.unflushed.keySet())) {
            long is = content.getOrDefault(block, ZEROES);
            if (is == t.at(block, t.length) || lost.contains(block)) continue;
            if (crashed && t.unflushed.getOrDefault(block, Set.of()).contains(is)) continue;
            return "block " + block + " of " + t.blocks().size() + (t.unflushed.containsKey(block) ? " is none of what it may be" : " was flushed and is not what it was");
        }
        return null;
    }

    private static Set<Integer> union(Set<Integer> one, Set<Integer> two) {
        Set<Integer> both = new HashSet<>(one);
        both.addAll(two);
        return Collections.unmodifiableSet(both);
    }
}
