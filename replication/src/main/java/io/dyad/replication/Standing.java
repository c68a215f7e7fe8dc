package io.dyad.replication;

/**
 * Where one end stands towards the other, as both tell each other.
 *
 * @param alone blocks that this end may hold alone: it wrote them, or a crash left them in doubt
 */
public record Standing(History history, long alone) {
    public static Standing none() { return new Standing(History.none(), 0); }

    /**
     * True when both ends have gone on from what they shared, so that either choice of a source overwrites something: neither
     * history is the other's, or the elder one has written alone since.
     */
    public boolean divergedFrom(Standing other) {
        if (history.isNone() || other.history.isNone() || history.generation().equals(other.history.generation())) return false;
        if (history.descendsFrom(other.history)) return other.alone > 0;
        if (other.history.descendsFrom(history)) return alone > 0;
        return alone > 0 || other.alone > 0;
    }
}
