package io.dyad.cli.campaign;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** What a campaign did, counted. */
final class Score {
    static final Pattern RESYNC = Pattern.compile("resync (\\d+) (\\S.*): (\\d+) blocks, (\\d+) bytes, [0-9.]+ s");
    static final String HEAD = String.format(Locale.ROOT, "| %-22s | %6s | %-60s | %7s | %12s | %12s |", "campaign", "rounds", "of which", "judged", "differed", "shipped");
    private final String campaign;
    private final Map<String, LongAdder> counts = new TreeMap<>();
    private int rounds;
    private int judged;
    private long differedBytes;
    private long shippedBytes;

    Score(String campaign) { this.campaign = campaign; }

    void round() { rounds++; }

    void judged() { judged++; }

    void count(String what) { counts.computeIfAbsent(what, w -> new LongAdder()).increment(); }

    void shipped(long differed, long shipped) {
        differedBytes += differed;
        shippedBytes += shipped;
    }

    long of(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    @Override public String toString() {
        return String.format(Locale.ROOT, "| %-22s | %6d | %-60s | %7d | %12d | %12d |", campaign, rounds, String.join(", ", counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList()),
            judged, differedBytes, shippedBytes);
    }
}
