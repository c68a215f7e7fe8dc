package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Folds the lowest layer that no pin holds into the one below it, in two steps, so that neither a kill nor a power cut can
 * bring an old block back: blocks are <i>copied</i> into the layer below while the upper one still answers for them; once a
 * sync that began later has succeeded, their entries are <i>cleared</i>. A write to a copied block in between starts its
 * batch over. Called by the owner of the volume's lock, but for {@link #ready}.
 */
final class LayerFold {
    private static final int BATCH_BLOCKS = 4096;
    private static final int RUN_BLOCKS = 256;

    private final FileVolume volume;
    private final FileLayerStack layers;
    private @Nullable ByteBuffer scratch;
    private @Nullable Layer source;
    private @Nullable Batch batch;
    private long cursor;
    private boolean disturbed;

    LayerFold(FileVolume volume, FileLayerStack layers) {
        this.volume = volume;
        this.layers = layers;
    }

    /** Blocks {@code first} to before {@code end} of a layer: those present are copied below by the time of the ticket. */
    private record Batch(Layer from, long first, long end, int copied, long ticket) {}

    /**
     * Waits for the sync that the next {@link #step} needs, so that it need not wait while it holds the lock of hosts. After a disturbance
     * that step is to sync what it has copied before anyone writes again: what there is to sync else is on the disk then.
     */
    void ready() throws IOException {
        long ticket = 0;
        volume.writing.lock();
        try {
            Batch waiting = batch;
            if (waiting != null && complete(waiting)) ticket = waiting.ticket;
            else if (disturbed) ticket = volume.sync.ticket();
        } finally {
            volume.writing.unlock();
        }
        if (ticket > 0) volume.sync.join(ticket);
    }

    /** Moves up to {@code maxBlocks} blocks; false when nothing is left to fold. */
    boolean step(int maxBlocks) throws IOException {
        volume.check();
        Batch waiting = batch;
        if (waiting != null && complete(waiting)) finish(waiting);
        int index = lowest();
        if (index < 0) return false;
        Layer upper = volume.stack()[index];
        if (upper != source) begin(upper);
        if (batch == null && cursor == 0 && upper.map.next(0, blocks()) == blocks()) remove(upper);
        else copy(upper, volume.stack()[index - 1], maxBlocks);
        return batch != null || lowest() >= 0;
    }

    private boolean complete(Batch copied) { return copied.copied >= BATCH_BLOCKS || cursor == 0 || disturbed; }

    /** The lowest layer above the base that is not pinned, and so takes no writes of its own. */
    private int lowest() {
        Layer[] stack = volume.stack();
        for (int i = 1; i < stack.length; i++) {
            if (!layers.pinned(stack[i])) return i;
        }
        return -1;
    }

    private void begin(Layer upper) throws IOException {
        Batch before = batch;
        if (before != null) finish(before);
        source = upper;
        cursor = 0;
        disturbed = false;
    }

    private void copy(Layer upper, Layer lower, int maxBlocks) throws IOException {
        volume.writing.lock();
        try {
            long first = cursor;
            long block = upper.map.next(first, blocks());
            int moved = 0;
            while (moved < maxBlocks && block < blocks()) {
                int count = move(upper, lower, block, Math.min(maxBlocks - moved, RUN_BLOCKS));
                moved += count;
                block = upper.map.next(block + count, blocks());
            }
            Batch before = batch;
            long start = before == null ? first : before.first;
            batch = new Batch(upper, start, block, moved + (before == null ? 0 : before.copied), volume.sync.ticket());
            cursor = block == blocks() ? 0 : block;
        } finally {
            volume.writing.unlock();
        }
        Batch copied = batch;
        if (disturbed && copied != null) finish(copied);
    }

    private int move(Layer upper, Layer lower, long block, int maxBlocks) throws IOException {
        boolean data = Entry.holdsData(upper.map.get(block));
        int count = 1;
        while (count < maxBlocks && block + count < blocks() && upper.map.get(block + count) != Entry.ABSENT
                && Entry.holdsData(upper.map.get(block + count)) == data) count++;
        long offsetBytes = block * BLOCK_BYTES;
        int last = FileDisk.regionOf(offsetBytes + (long) count * BLOCK_BYTES - 1);
        volume.decisive(() -> volume.intents.doubt(FileDisk.regionOf(offsetBytes), last));
        if (data) {
            ByteBuffer bytes = scratch().clear().limit(count * BLOCK_BYTES);
            upper.read(block, bytes);
            lower.adopt(block, bytes.flip(), upper.map);
        } else {
            lower.zero(block, count, block + count == blocks());
        }
        return count;
    }

    /** The copies are durable, or are made so; the upper layer lets go of them. */
    private void finish(Batch done) throws IOException {
        volume.sync.join(done.ticket);
        volume.writing.lock();
        try {
            if (batch != done) return;
            done.from.map.clear(done.first, done.end);
            batch = null;
            disturbed = false;
        } finally {
            volume.writing.unlock();
        }
    }

    /** A write changes blocks of an upper layer in place. {@code writing} is held. */
    void touched(Layer layer, long first, long end) {
        Batch copied = batch;
        if (copied == null || copied.from != layer || first >= copied.end || end <= copied.first) return;
        cursor = copied.first;
        batch = null;
        disturbed = true;
    }

    private void remove(Layer empty) throws IOException {
        volume.switching.lock();
        try {
            volume.switchTo(volume.manifest().with(volume.manifest().layout().without(empty.number)));
            volume.syncing.lock();
            volume.writing.lock();
            try {
                Layer[] rest = Arrays.stream(volume.stack()).filter(layer -> layer != empty).toArray(Layer[]::new);
                volume.restack(rest, layers.active(rest));
            } finally {
                volume.writing.unlock();
                volume.syncing.unlock();
            }
            source = null;
            empty.delete();
        } finally {
            volume.switching.unlock();
        }
    }

    private long blocks() { return volume.sizeBytes() / BLOCK_BYTES; }

    private ByteBuffer scratch() {
        ByteBuffer bytes = scratch;
        if (bytes == null) scratch = bytes = ByteBuffer.allocateDirect(RUN_BLOCKS * BLOCK_BYTES);
        return bytes;
    }
}
