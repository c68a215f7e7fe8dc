package io.dyad.testkit.sim.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** I1: a write that is answered while its Sync pair waits for the target would be found on the target after a kill at that very moment. */
public final class SyncAnswers {
    private final List<Sent> waiting = new ArrayList<>();

    /** The host waits for the answer to this write. */
    public void wrote(long number, Map<Integer, Long> blocks) { waiting.add(new Sent(number, Map.copyOf(blocks))); }

    /** A write failed half-way: nobody is promised anything, but this may be found. */
    public void failed(Map<Integer, Long> blocks) { wrote(Long.MAX_VALUE, blocks); }

    /** No answer is due any more, or none depends on the target. */
    public void forget() { waiting.clear(); }

    /** True when a write that waits is answered by all being answered up to {@code number}. */
    public boolean answers(long number) { return waiting.stream().anyMatch(w -> w.number() <= number); }

    public @Nullable String wrong(long number, IntToLongFunction found) {
        List<Sent> answered = waiting.stream().filter(w -> w.number() <= number).toList();
        waiting.removeAll(answered);
        String wrong = Sent.missing(answered, waiting, found);
        return wrong == null ? null : "a write up to " + number + " is answered and " + wrong;
    }
}
