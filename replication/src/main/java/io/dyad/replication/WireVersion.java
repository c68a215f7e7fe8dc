package io.dyad.replication;

/**
 * The version of the frames that two ends speak: the source offers a range in ATTACH, the target answers with the newest that
 * both know in POSITION, or refuses in words.
 *
 * <pre>
 *  1   frames as first published                                              not spoken any more: it had no generations
 *  2   generations, digests, staged layers that go on, snapshots, receipts    not spoken any more: a frame for every write
 *  3   a greeting names the last streamed write that is durable there         not spoken any more: a frame for every write
 *  4   streamed writes come many to a frame                                  not spoken any more: no copies of snapshots
 *  5   a damaged block is answered with every copy of it that an end holds   not spoken any more: a frame for every run of an epoch
 *  6   small runs of an epoch come many to a frame
 * </pre>
 */
final class WireVersion {
    static final int OLDEST = 6;
    static final int NEWEST = 6;

    private WireVersion() { }

    /** The newest version that this end and one that speaks this range have in common. */
    static int common(long oldest, long newest) throws BadFrameException {
        long best = Math.min(NEWEST, newest);
        if (best < Math.max(OLDEST, oldest))
            throw new BadFrameException("the source speaks wire versions " + oldest + " to " + newest + ", this end " + OLDEST + " to " + NEWEST);
        return (int) best;
    }

    /** What the target has chosen. */
    static void require(long chosen) throws BadFrameException {
        if (chosen < OLDEST || chosen > NEWEST)
            throw new BadFrameException("the target speaks wire version " + chosen + ", this end " + OLDEST + " to " + NEWEST);
    }
}
