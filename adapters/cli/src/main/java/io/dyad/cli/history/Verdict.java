package io.dyad.cli.history;

import io.dyad.cli.history.Judge.Misfit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a recorded history says of a disk.
 *
 * @param prefix the number of the latest write that is there, 0 for none
 * @param misfit the first block that is no part of such a prefix
 */
public record Verdict(int prefix, Optional<Misfit> misfit) {
    /**
     * How strict to be.
     *
     * @param doneCounts every write that was answered counts, not only flushed ones: as long as no machine lost power
     * @param whole nothing that counts may be missing: the disk that was written to, or one that must be equal to it
     */
    public record Strictness(boolean doneCounts, boolean whole) { }

    /** Throws when the file makes no sense. */
    public static Verdict of(Path history, Finding found, Strictness how) throws IOException { return of(HistoryReader.read(history), found, how); }

    static Verdict of(History history, Finding found, Strictness how) {
        Judge judge = new Judge(history, how.doneCounts());
        Optional<Misfit> misfit = found.torn().or(judge::looks).or(() -> judge.content(found.seen(), how.whole()));
        int prefix = 0;
        for (int write : found.seen()) prefix = Math.max(prefix, write);
        return new Verdict(prefix, misfit);
    }

    /** The line that operators read. */
    @Override public String toString() { return misfit.map(m -> "not a prefix: " + m.block()).orElse("prefix " + prefix); }
}
