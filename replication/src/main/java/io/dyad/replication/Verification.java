package io.dyad.replication;

import java.util.HexFormat;
import java.util.Optional;

/**
 * One comparison of both ends of a pair, at one point in the write order, while they run. Whoever asked for it keeps this and
 * looks when it likes; safe for any thread. The root is that of {@link Proof}.
 */
public final class Verification {
    /**
     * How it ended.
     *
     * @param differing blocks that were not the same, damaged ones on either end included
     * @param damaged blocks whose content did not match its checksum on one end
     * @param root of the source's content; the target's is the same when nothing differs
     * @param repaired true when what differs is on its way to be the same
     */
    public record Result(long differing, long damaged, String root, boolean repaired) { }

    private final boolean repair;
    private volatile long comparedBytes;
    private volatile long totalBytes;
    private volatile String failure = "";
    private volatile Optional<Result> result = Optional.empty();

    /** {@code repair}: what differs is made the same, from the source, or from the end that holds it whole. */
    public Verification(boolean repair) { this.repair = repair; }

    public boolean repair() { return repair; }

    public long comparedBytes() { return comparedBytes; }

    /** 0 until the comparison has begun. */
    public long totalBytes() { return totalBytes; }

    /** Why there will be no result; empty when there is, or will be. */
    public String failure() { return failure; }

    public Optional<Result> result() { return result; }

    void compared(long bytes, long of) {
        comparedBytes = bytes;
        totalBytes = of;
    }

    void done(long differing, long damaged, byte[] root) {
        result = Optional.of(new Result(differing, damaged, HexFormat.of().formatHex(root), repair && differing > 0));
    }

    /** There will be no result. */
    public void fail(String why) {
        if (result.isEmpty()) failure = why;
    }
}
