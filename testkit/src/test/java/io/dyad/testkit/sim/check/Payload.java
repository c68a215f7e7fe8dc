package io.dyad.testkit.sim.check;

import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * I6: an epoch ships at most 1.05 times the blocks that differ between its cut and the target when it begins, and a stream each
 * write at most once. Its digests are at most 16 bytes a block in doubt, and there are none where nothing is in doubt.
 */
public final class Payload {
    private static final double MARGIN = 1.05;
    private static final int DIGEST_BYTES = 16;
    private static final int LEAF_BYTES = 32;
    private final BitSet doubted = new BitSet();
    /** Blocks that a source may at any time find that it cannot read, and then cannot tell of. */
    private final BitSet rotten = new BitSet();
    private boolean doubtsAll = true;
    private boolean judged;
    private boolean streamed;
    private long writtenBlocks;
    private long epochBytes;
    private long streamBytes;
    private long digestBytes;
    private long proofBytes;
    private long proofsAllowed;
    private Epoch epoch = new Epoch(0, Map.of(), 0);

    /** What would differ if the cut is that of now, or of a snapshot; {@code before}: payload sent earlier in the session. */
    private record Epoch(int live, Map<UUID, Integer> snapshots, long before) {
        int most() { return Math.max(live, snapshots.values().stream().mapToInt(n -> n).max().orElse(0)); }

        int of(Optional<UUID> snapshot) { return snapshot.map(name -> snapshots.getOrDefault(name, live)).orElse(live); }
    }

    /** {@code isJudged}: what the target has taken in is known to its source, or nothing was shipped yet. */
    public void sessionBegins(boolean isJudged) {
        judged = isJudged;
        streamed = false;
        writtenBlocks = epochBytes = streamBytes = digestBytes = 0;
    }

    /** True when this frame begins an epoch, of which {@link #epochBegins} is to be told. */
    public boolean beginsEpoch(byte[] bytes) { return Wire.of(bytes).type() == Wire.EPOCH; }

    /** In how many blocks the source's content of now, and that of each of its snapshots, differs from the target's. */
    public void epochBegins(int live, Map<UUID, Integer> snapshots) {
        epoch = new Epoch(live, snapshots, epochBytes);
        digestBytes = 0;
    }

    /** A host writes so many blocks, whatever comes of it. */
    public void written(int blocks) { writtenBlocks += blocks; }

    /** A crash, or a write that failed, has left these blocks in doubt. */
    public void doubted(int first, int count) { doubted.set(first, first + count); }

    /** A bit of this block has turned on one end. */
    public void rots(int block) { rotten.set(block); }

    /** A source may have to ask whether its target holds the same. */
    public boolean mayDoubt(int block) { return doubtsAll || doubted.get(block); }

    /** Nobody has kept track of anything. */
    public void doubtsAll() { doubtsAll = true; }

    /** Both ends hold the same, and both know. */
    public void settled() {
        doubted.clear();
        doubtsAll = false;
    }

    /** Somebody compares volumes of so many MiB. */
    public void compares(long nodes) { proofsAllowed += nodes * LEAF_BYTES; }

    public long sentBytes() { return epochBytes + streamBytes; }

    /** Either end has sent this. {@code allocated}: blocks that are there on either end. */
    public @Nullable String wrong(byte[] bytes, LongSupplier allocated) {
        Wire frame = Wire.of(bytes);
        int length = frame.payload().remaining();
        return switch (frame.type()) {
            case Wire.BLOCKS, Wire.RUNS -> shipped(epochBytes += frame.runs().stream().mapToLong(r -> r.data().remaining()).sum(), epoch.most());
            case Wire.END     -> shipped(epochBytes, epoch.of(frame.name()));
            case Wire.WRITES  -> streamed(streamBytes += frame.writes().stream().mapToLong(w -> w.data().remaining()).sum());
            case Wire.DIGESTS -> digested(digestBytes += length, allocated);
            case Wire.PROOF   -> (proofBytes += length) <= proofsAllowed ? null : proofBytes + " bytes of proofs where " + proofsAllowed + " are enough";
            default           -> null;
        };
    }

    private @Nullable String shipped(long soFar, int differing) {
        long bytes = soFar - epoch.before;
        long blocks = differing + (streamed ? writtenBlocks : 0);                  // the stream's own may be on their way
        return !judged || bytes <= MARGIN * Prints.BLOCK_BYTES * blocks ? null : bytes + " bytes shipped where " + blocks + " blocks may differ";
    }

    private @Nullable String streamed(long bytes) {
        streamed = true;
        return !judged || bytes <= (long) Prints.BLOCK_BYTES * writtenBlocks ? null : bytes + " bytes streamed of " + writtenBlocks + " blocks written";
    }

    private @Nullable String digested(long bytes, LongSupplier allocated) {
        BitSet may = (BitSet) doubted.clone();
        may.or(rotten);
        if (!doubtsAll && bytes > DIGEST_BYTES * (long) may.cardinality()) return bytes + " bytes of digests where " + may.cardinality() + " blocks are in doubt";
        if (bytes == 0) return null;
        long blocks = allocated.getAsLong();
        return bytes <= DIGEST_BYTES * blocks ? null : bytes + " bytes of digests where " + blocks + " blocks are in doubt";
    }
}
