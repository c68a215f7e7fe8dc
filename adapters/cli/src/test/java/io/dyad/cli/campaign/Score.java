package io.dyad.cli.campaign;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What a campaign did, counted. */
final class Score {
    static final String HEAD = String.format(Locale.ROOT, "| %-22s | %6s | %-60s | %7s | %12s | %12s | %10s |", "campaign", "rounds", "of which", "judged", "differed", "payload", "digests");
    private final String campaign;
    private final Map<String, LongAdder> counts = new TreeMap<>();
    private int rounds;
    private int judged;
    private long differedBytes;
    private long shippedBytes;
    private long digestBytes;

    Score(String campaign) { this.campaign = campaign; }

    void round() { rounds++; }

    void judged() { judged++; }

    void count(String what) { counts.computeIfAbsent(what, w -> new LongAdder()).increment(); }

    void shipped(long differed, long payload, long digests) {
        differedBytes += differed;
        shippedBytes += payload;
        digestBytes += digests;
    }

    @Override public String toString() {
        return String.format(Locale.ROOT, "| %-22s | %6d | %-60s | %7d | %12d | %12d | %10d |", campaign, rounds, String.join(", ", counts.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList()),
            judged, differedBytes, shippedBytes, digestBytes);
    }
}
