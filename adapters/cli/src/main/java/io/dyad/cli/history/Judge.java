package io.dyad.cli.history;

import io.dyad.cli.history.History.Look;
import java.util.Optional;

/**
 * Says whether what the blocks hold is the state after a prefix of a history.
 *
 * <p>A write comes before another when it was done before the other was issued; writes to one block come in the order of their
 * numbers. Let P be the latest issued of all writes that are seen. The blocks are a prefix when every write that counts and comes
 * before P is there in all its blocks, itself or overwritten by a later one that is seen; when each write that is seen and counts
 * is there whole; and when nothing is seen that the host found missing before P was issued. Such blocks are the last state of some
 * order of the writes that respects all that anybody could observe, cut after P. A write counts when it was flushed or, when asked for, as soon as it was done;
 * all others may be there or not, block by block.
 */
public final class Judge {
    /** @param block the first that does not fit, with the reason */
    public record Misfit(int block, String why) { }

    private final History history;
    private final boolean doneCounts;

    /** {@code doneCounts}: every write that was done counts, flushed or not. */
    Judge(History history, boolean doneCounts) {
        this.history = history;
        this.doneCounts = doneCounts;
    }

    /** Judges what the host itself found whenever it came back: with all that counts, or after a move after some prefix. */
    Optional<Misfit> looks() {
        Replay replay = new Replay();
        for (Look look : history.looks) {
            Optional<Misfit> misfit = look.moved() ? afterMove(look) : beforeLook(replay, look);
            if (misfit.isPresent()) return misfit.map(m -> new Misfit(m.block, "when the host came back (line " + look.moment() + "): " + m.why));
        }
        return Optional.empty();
    }

    private Optional<Misfit> beforeLook(Replay replay, Look look) {
        replay.upTo(look.moment());
        for (int i = 0; i < look.blocks().length; i++) {
            int block = look.blocks()[i];
            if (look.held()[i] < replay.needed[block]) return Optional.of(missing(block, look.held()[i], replay.needed[block]));
        }
        return Optional.empty();
    }

    private Optional<Misfit> afterMove(Look look) {
        Replay then = new Replay();
        then.upTo(look.moment());
        int[] seen = then.last;
        for (int i = 0; i < look.blocks().length; i++) seen[look.blocks()[i]] = look.held()[i];
        return misfit(seen, look.moment(), false);
    }

    /**
     * Judges all blocks, each by the number of the write it holds, 0 for none.
     *
     * @param whole nothing that counts may be missing at the end
     */
    Optional<Misfit> content(int[] seen, boolean whole) { return misfit(seen, Integer.MAX_VALUE, whole); }

    private Optional<Misfit> misfit(int[] seen, int now, boolean whole) {
        int latest = 0;
        for (int write : seen) latest = Math.max(latest, write);
        int until = whole ? now : latest == 0 ? 0 : Math.min(now, history.issuedAt(latest));
        Replay replay = new Replay();
        replay.upTo(until);
        for (int write : seen) if (counts(write)) replay.need(write);
        Optional<Misfit> misfit = Optional.empty();
        for (int block = 0; block < seen.length && misfit.isEmpty(); block++) {
            if (seen[block] < replay.needed[block]) misfit = Optional.of(missing(block, seen[block], replay.needed[block]));
        }
        return first(misfit, returned(seen, until));
    }

    /** What a look found missing may not be seen beside what was written after it. */
    private Optional<Misfit> returned(int[] seen, int until) {
        Optional<Misfit> misfit = Optional.empty();
        for (Look look : history.looks) {
            if (look.moment() >= until) break;
            for (int i = 0; i < look.blocks().length; i++) {
                int block = look.blocks()[i];
                if (seen[block] <= look.held()[i] || seen[block] > look.issued()) continue;
                misfit = first(misfit, Optional.of(new Misfit(block, "it holds write %d, which was gone when the host came back (line %d)".formatted(seen[block], look.moment()))));
            }
        }
        return misfit;
    }

    private static Optional<Misfit> first(Optional<Misfit> one, Optional<Misfit> other) {
        if (one.isEmpty() || other.isEmpty()) return one.or(() -> other);
        return one.get().block <= other.get().block ? one : other;
    }

    private Misfit missing(int block, int seen, int needed) {
        String holds = seen == 0 ? "it holds nothing of the history" : "it holds write " + seen;
        return new Misfit(block, "%s, but write %d was done and comes before what other blocks hold".formatted(holds, needed));
    }

    private boolean counts(int write) { return write > 0 && history.doneAt(write) > 0 && (doneCounts || history.isFlushed(write)); }

    /** The history played again, moment by moment: per block the last write issued, and the last that must be there. */
    private final class Replay {
        final int[] last = new int[history.blocks];
        final int[] needed = new int[history.blocks];
        private int issued;
        private int done;
        private int looked;

        /** Everything before that moment. */
        void upTo(int moment) {
            while (looked < history.looks.size() && history.looks.get(looked).moment() < moment) {
                Look look = history.looks.get(looked++);
                writesUpTo(look.moment());
                take(look);
            }
            writesUpTo(moment);
        }

        private void writesUpTo(int moment) {
            for (; issued < history.writes() && history.issuedAt(issued + 1) < moment; issued++) {
                for (int block = history.firstOf(issued + 1); block < history.endOf(issued + 1); block++) last[block] = issued + 1;
            }
            for (; done < history.doneCount() && history.doneAt(history.doneAs(done)) < moment; done++) {
                if (counts(history.doneAs(done))) need(history.doneAs(done));
            }
        }

        private void take(Look look) {
            for (int i = 0; i < look.blocks().length; i++) last[look.blocks()[i]] = look.held()[i];
            history.touched.stream().forEach(block -> needed[block] = last[block]);
        }

        void need(int write) {
            for (int block = history.firstOf(write); block < history.endOf(write); block++) needed[block] = Math.max(needed[block], write);
        }
    }
}
