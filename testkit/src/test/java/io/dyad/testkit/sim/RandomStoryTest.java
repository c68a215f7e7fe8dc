package io.dyad.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many stories that chance tells. {@code -Ddyad.seed=N} tells that one only; {@code -Ddyad.seeds=N} sets how many the profile long tells. */
class RandomStoryTest {
    private static final int SEEDS = 200;

    @Test void whatever_happens_the_target_holds_a_prefix_and_in_the_end_both_hold_the_same() {
        Long one = Long.getLong("dyad.seed");
        tell(one == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(one));
    }

    @Test @Tag("long") void and_so_for_many_more_seeds() { tell(LongStream.rangeClosed(SEEDS + 1, SEEDS + Long.getLong("dyad.seeds", 5000))); }

    /** Stories share nothing, so they may be told side by side; each is told by one thread. */
    private static void tell(LongStream seeds) {
        List<String> failures = new ArrayList<>();
        seeds.parallel().forEach(seed -> {
            RandomStory story = new RandomStory(seed);
            try {
                story.tell();
            } catch (Throwable t) {
                synchronized (failures) {
                    failures.add("again: mvn -pl testkit -am test -Dtest=RandomStoryTest -Dsurefire.failIfNoSpecifiedTests=false -Ddyad.seed=" + seed + " -Ddyad.talkative=true\n" + t
                        + (failures.isEmpty() ? "\n" + where(t) + story.trace() : ""));
                }
            }
        });
        if (!failures.isEmpty()) throw new AssertionError(failures.size() + " stories ended badly\n" + String.join("\n", failures.reversed()));
    }

    private static String where(Throwable t) {
        StringBuilder places = new StringBuilder();
        for (StackTraceElement e : t.getStackTrace()) if (e.getClassName().startsWith("io.dyad")) places.append("    at ").append(e).append('\n');
        return places.toString();
    }
}
