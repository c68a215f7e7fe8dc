package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the target for blocks of a cut that cannot be read here, before they are left out of the epoch. Where one of its copies is what
 * was lost, the block is whole again, and ships unless that is what the target holds now. One owner thread.
 */
final class SourceFetch {
    private static final int ASKS_AHEAD = 64;
    private final ReplicatedVolume volume;
    private final SourceSide source;
    private final Healing healing;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    private DirtyMap toAsk = new DirtyMap();
    private @Nullable Cut cut;
    private int awaited;
    private Optional<DamagedBlockException> lost = Optional.empty();

    SourceFetch(ReplicatedVolume volume, Healing healing) {
        this.volume = volume;
        this.source = volume.source();
        this.healing = healing;
    }

    void begin(Cut now) {
        cut = now;
        toAsk = new DirtyMap();
        awaited = 0;
        lost = Optional.empty();
    }

    /** A block of the cut is damaged: it waits for the target's copies, and the rest goes on. */
    void setAside(DamagedBlockException damaged) {
        Cut of = Objects.requireNonNull(cut);
        volume.damage().found(damaged);
        source.with(() -> of.setAside(damaged.offsetBytes()));
        toAsk.mark(damaged.offsetBytes(), BLOCK_BYTES);
    }

    /** Asks for more; false when enough is asked, or nothing is damaged that has not been asked for. */
    boolean ask() throws LinkDownException {
        if (awaited >= ASKS_AHEAD || toAsk.isEmpty()) return false;
        long offset = toAsk.next(0, BLOCK_BYTES).offsetBytes();
        toAsk.clear(offset, BLOCK_BYTES);
        awaited++;
        Cut of = Objects.requireNonNull(cut);
        healing.ask(offset, now -> answered(of, offset, now));
        return true;
    }

    private void answered(Cut of, long offsetBytes, ByteBuffer now) throws IOException {
        awaited--;
        if (healing.stopped()) return;
        try {
            of.view().read(offsetBytes, block.clear());
            boolean same = block.flip().equals(now);
            source.with(() -> of.mended(offsetBytes, same));
        } catch (DamagedBlockException still) {
            lost = Optional.of(still);
        }
    }

    /** True when every damaged block has been asked for and answered. */
    boolean done() { return toAsk.isEmpty() && awaited == 0; }

    /** One of which the target holds no copy. */
    Optional<DamagedBlockException> lost() { return lost; }
}
