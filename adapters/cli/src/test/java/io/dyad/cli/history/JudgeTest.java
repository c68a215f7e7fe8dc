package io.dyad.cli.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The judge beside a slow one that tries every order and every prefix, and what a look changes. */
class JudgeTest {
    private static final int BLOCKS = 4;

    @Test void it_says_what_trying_every_order_says() {
        long seed = Long.getLong("dyad.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        int prefixes = 0;
        for (int round = 0; round < 4000; round++) {
            History history = someHistory(random);
            int[] seen = someContent(history, random);
            boolean doneCounts = random.nextBoolean();
            boolean expected = new EveryOrder(history, doneCounts).reaches(seen);
            boolean said = new Judge(history, doneCounts).content(seen, false).isEmpty();
            assertThat(said).as("-Ddyad.seed=%d, round %d", seed, round).isEqualTo(expected);
            if (expected) prefixes++;
        }
        assertThat(prefixes).as("prefixes among them").isBetween(400, 3600);
    }

    /** A few writes, some in flight together but never on one block, some answered, some flushed. */
    private static History someHistory(SplittableRandom random) {
        History history = new History(BLOCKS, true);
        history.stampsWith(1);
        List<Integer> flying = new ArrayList<>();
        int moment = 1;
        for (int step = 0; step < 24; step++, moment++) {
            int first = random.nextInt(BLOCKS);
            int count = 1 + random.nextInt(Math.min(2, BLOCKS - first));
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    if (history.writes() < 6 && flying.size() < 3 && flying.stream().noneMatch(w -> history.firstOf(w) < first + count && first < history.endOf(w))) {
                        history.issued(moment, first, count, random.nextInt(4) == 0);
                        flying.add(history.writes());
                    }
                }
                case 2, 3 -> {
                    if (!flying.isEmpty()) history.done(moment, flying.remove(random.nextInt(flying.size())));
                }
                default -> history.flushed(0, random.nextInt(history.doneCount() + 1));
            }
        }
        return history;
    }

    private static int[] someContent(History history, SplittableRandom random) {
        int[] seen = new int[BLOCKS];
        int upTo = random.nextInt(history.writes() + 1);
        for (int write = 1; write <= upTo; write++) {
            for (int block = history.firstOf(write); block < history.endOf(write); block++) if (random.nextInt(4) > 0) seen[block] = write;
        }
        return seen;
    }

    /** All states that some order of the writes can lead to, by trying. */
    private record EveryOrder(History history, boolean doneCounts) {
        boolean reaches(int[] wanted) { return reaches(new int[BLOCKS], new BitSet(), wanted); }

        private boolean reaches(int[] state, BitSet taken, int[] wanted) {
            if (java.util.Arrays.equals(state, wanted)) return true;
            for (int write = 1; write <= history.writes(); write++) {
                if (!taken.get(write) && mayComeNext(write, taken) && takes(write, state, taken, wanted)) return true;
            }
            return false;
        }

        private boolean counts(int write) { return history.doneAt(write) > 0 && (doneCounts || history.isFlushed(write)); }

        private boolean before(int one, int other) { return history.doneAt(one) > 0 && history.doneAt(one) < history.issuedAt(other); }

        private boolean mayComeNext(int write, BitSet taken) {
            for (int other = 1; other <= history.writes(); other++) {
                if (other == write) continue;
                if (!taken.get(other) && counts(other) && before(other, write)) return false;
                if (taken.get(other) && before(write, other)) return false;
            }
            return true;
        }

        private boolean takes(int write, int[] state, BitSet taken, int[] wanted) {
            int length = history.endOf(write) - history.firstOf(write);
            BitSet after = (BitSet) taken.clone();
            after.set(write);
            for (int some = 1 << length; --some > 0; ) {
                if (counts(write) && some != (1 << length) - 1) break;
                int[] next = state.clone();
                for (int i = 0; i < length; i++) if ((some >> i & 1) == 1) next[history.firstOf(write) + i] = Math.max(next[history.firstOf(write) + i], write);
                if (reaches(next, after, wanted)) return true;
            }
            return false;
        }
    }

    private static History of(String... events) {
        History history = new History(BLOCKS, true);
        history.stampsWith(1);
        int moment = 0;
        for (String event : events) {
            moment++;
            String[] words = event.split(" ");
            switch (words[0]) {
                case "write" -> history.issued(moment, Integer.parseInt(words[1]), Integer.parseInt(words[2]), false);
                case "done"  -> history.done(moment, Integer.parseInt(words[1]));
                case "flush" -> history.flushed(0, history.doneCount());
                default      -> history.looks.add(look(moment, words, history.writes()));
            }
        }
        return history;
    }

    /** {@code looked BLOCK:WRITE …} or {@code moved BLOCK:WRITE …}. */
    private static History.Look look(int moment, String[] words, int issued) {
        var held = new TreeMap<Integer, Integer>();
        for (int i = 1; i < words.length; i++) held.put(Integer.parseInt(words[i].split(":")[0]), Integer.parseInt(words[i].split(":")[1]));
        return new History.Look(moment, words[0].equals("moved"), issued, held.keySet().stream().mapToInt(i -> i).toArray(), held.values().stream().mapToInt(i -> i).toArray());
    }

    private static boolean whole(History history, int... seen) { return new Judge(history, false).content(seen, true).isEmpty(); }

    private static boolean prefix(History history, int... seen) { return new Judge(history, false).content(seen, false).isEmpty(); }

    @Test void a_whole_history_lacks_nothing_that_was_flushed() {
        History history = of("write 0 2", "done 1", "flush", "write 2 1", "done 2");
        assertThat(prefix(history, 0, 0, 0, 0)).isTrue();
        assertThat(whole(history, 0, 0, 0, 0)).isFalse();
        assertThat(whole(history, 1, 1, 0, 0)).isTrue();
        assertThat(whole(history, 1, 1, 2, 0)).isTrue();
        assertThat(new Judge(history, true).content(new int[] {1, 1, 0, 0}, true)).get().extracting(Judge.Misfit::block).isEqualTo(2);
    }

    @Test void the_first_block_that_does_not_fit_is_named() {
        History history = of("write 1 3", "done 1", "write 0 1", "done 2", "flush");
        assertThat(new Judge(history, false).content(new int[] {2, 1, 0, 0}, false)).get().extracting(Judge.Misfit::block).isEqualTo(2);
    }

    @Test void what_a_look_found_missing_may_not_come_back_beside_later_writes() {
        History history = of("write 0 1", "done 1", "looked 0:0", "write 1 1", "done 2");
        assertThat(prefix(history, 1, 0, 0, 0)).as("before the look").isTrue();
        assertThat(prefix(history, 0, 2, 0, 0)).isTrue();
        assertThat(prefix(history, 1, 2, 0, 0)).isFalse();
        assertThat(whole(history, 1, 0, 0, 0)).isFalse();
    }

    @Test void what_a_look_saw_must_stay() {
        History history = of("write 0 1", "looked", "write 1 1");
        assertThat(prefix(history, 1, 2, 0, 0)).isTrue();
        assertThat(prefix(history, 0, 2, 0, 0)).isFalse();
    }

    @Test void a_look_itself_is_judged() {
        assertThat(new Judge(of("write 0 1", "done 1", "flush", "looked 0:0"), false).looks()).get().extracting(Judge.Misfit::block).isEqualTo(0);
        assertThat(new Judge(of("write 0 1", "done 1", "looked 0:0"), false).looks()).isEmpty();
        assertThat(new Judge(of("write 0 1", "done 1", "looked 0:0"), true).looks()).isPresent();
    }

    @Test void after_a_move_the_end_may_be_gone_but_no_middle() {
        String[] past = {"write 0 1", "done 1", "write 1 1", "done 2", "write 2 1", "done 3", "flush", ""};
        past[7] = "moved 1:0 2:0";
        assertThat(new Judge(of(past), false).looks()).isEmpty();
        past[7] = "moved 1:0";
        assertThat(new Judge(of(past), false).looks()).get().extracting(Judge.Misfit::block).isEqualTo(1);
    }
}
