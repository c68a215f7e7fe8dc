package io.dyad.replication;

/**
 * Tells the owner of a volume's pair that there may be something to ship; by whoever wrote, outside the lock. While the owner
 * gathers writes and looks by itself, it may ask to be left alone until so many have come. Any thread.
 */
final class Bell {
    private volatile Runnable answer = () -> { };
    private volatile long fromSeq;
    private volatile long pushedSeq;

    void onRing(Runnable told) { answer = told; }

    void ring() { answer.run(); }

    /** Rings for the writes up to {@code seq}, unless it has, or the owner wants to hear of later ones only. */
    void push(long seq) {
        if (seq == pushedSeq || seq < fromSeq) return;
        pushedSeq = seq;
        answer.run();
    }

    /** Writes are told of from this number on; until then the owner looks by itself. */
    void tellFrom(long seq) { fromSeq = seq; }
}
