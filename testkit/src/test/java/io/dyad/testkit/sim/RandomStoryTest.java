package io.dyad.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Many stories that chance tells. {@code -Ddyad.seed=N} tells that one only; {@code -Ddyad.sim.seeds=N} and {@code -Ddyad.sim.from=N}
 * set how many the profile long tells, and from which on.
 */
class RandomStoryTest {
    private static final long SEEDS = 1000;
    private static final int TELLERS = 2;

    @Test void whatever_happens_every_promise_is_kept_and_in_the_end_both_ends_hold_the_same() throws Exception {
        Long one = Long.getLong("dyad.seed");
        tell(one == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(one));
    }

    @Test @Tag("long") void and_so_for_many_more_seeds() throws Exception {
        long from = Long.getLong("dyad.sim.from", SEEDS + 1);
        tell(LongStream.range(from, from + Long.getLong("dyad.sim.seeds", 10_000)));
    }

    /** Stories share nothing, so they may be told side by side; each is told by one thread. */
    private static void tell(LongStream seeds) throws Exception {
        List<String> failures = new ArrayList<>();
        try (ExecutorService tellers = Executors.newFixedThreadPool(TELLERS)) {
            List<Future<String>> told = seeds.mapToObj(seed -> tellers.submit(() -> told(seed))).toList();
            for (Future<String> f : told) if (!f.get().isEmpty()) failures.add(f.get());
        }
        if (failures.isEmpty()) return;
        String others = String.join("\n", failures.stream().skip(1).map(f -> f.lines().limit(2).reduce("", (a, b) -> a + b + "\n")).toList());
        throw new AssertionError(failures.size() + " stories ended badly\n" + others + failures.getFirst());
    }

    /** How to tell it again and what went wrong; empty when nothing did. */
    private static String told(long seed) {
        RandomStory story = new RandomStory(seed);
        try {
            story.tell();
            return "";
        } catch (Throwable t) {
            return "again: mvn -pl testkit -am test -Dtest=RandomStoryTest -Dsurefire.failIfNoSpecifiedTests=false -Ddyad.talkative=true -Ddyad.seed=" + seed
                + "\n" + t + "\n" + where(t) + story.trace() + "\n";
        }
    }

    private static String where(Throwable t) {
        StringBuilder places = new StringBuilder();
        for (Throwable cause = t; cause != null; cause = cause.getCause())
            for (StackTraceElement e : cause.getStackTrace()) if (e.getClassName().startsWith("io.dyad")) places.append("    at ").append(e).append('\n');
        return places.toString();
    }
}
