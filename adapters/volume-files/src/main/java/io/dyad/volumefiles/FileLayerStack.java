package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.replication.LayerStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Cuts, staged layers and their folding. Folding goes in two steps, so that neither a kill nor a power cut can bring an old
 * block back: blocks are <i>copied</i> into the layer below while the upper one still answers for them; once a sync that
 * began later has succeeded, their entries are <i>cleared</i>. A write to a copied block in between starts its batch over.
 */
final class FileLayerStack implements LayerStack {
    private static final int BATCH_BLOCKS = 4096;
    private static final int RUN_BLOCKS = 256;

    private final FileVolume volume;
    private @Nullable ByteBuffer scratch;
    private volatile @Nullable View cut;
    private volatile @Nullable Filling filling;
    private @Nullable Batch batch;
    private long cursor;
    private boolean disturbed;

    FileLayerStack(FileVolume volume) { this.volume = volume; }

    /** Blocks {@code first} to before {@code end} of a layer: those present are copied below by the time of the ticket. */
    private record Batch(Layer from, long first, long end, int copied, long ticket) {}

    int active(Layer[] stack) {
        View view = cut;
        return view == null ? 0 : view.depth(stack);
    }

    @Override public Frozen freeze() throws IOException {
        if (cut != null) throw new IllegalStateException("a cut is open already");
        volume.switching.lock();
        try {
            Layer top = create();
            volume.switchTo(volume.manifest().withLayer(top.number));
            View view = new View(top, volume.sizeBytes());
            volume.writing.lock();
            try {
                push(top);
                cut = view;
            } finally {
                volume.writing.unlock();
            }
            return view;
        } finally {
            volume.switching.unlock();
        }
    }

    @Override public Optional<Staged> unfinished() { return Optional.empty(); }

    @Override public Staged stage() throws IOException {
        if (filling != null) throw new IllegalStateException("a layer is staged already");
        volume.switching.lock();
        try {
            Filling staged = new Filling(create(), volume.sizeBytes());
            filling = staged;
            return staged;
        } finally {
            volume.switching.unlock();
        }
    }

    void discardStaged() throws IOException {
        Filling staged = filling;
        if (staged != null) staged.discard();
    }

    private Layer create() throws IOException {
        volume.check();
        Manifest manifest = volume.manifest();
        Filling other = filling;
        long number = other == null ? manifest.nextLayer() : Math.max(manifest.nextLayer(), other.layer.number + 1);
        Layer layer = Layer.create(volume.files, volume.dir, number, false, manifest.sizeBytes());
        volume.files.forceDirectory(volume.dir);
        return layer;
    }

    private void push(Layer top) {
        Layer[] more = Arrays.copyOf(volume.stack(), volume.stack().length + 1);
        more[more.length - 1] = top;
        volume.restack(more);
    }

    @Override public boolean fold(int maxBlocks) throws IOException {
        volume.check();
        Batch waiting = batch;
        if (waiting != null && (waiting.copied >= BATCH_BLOCKS || cursor == 0 || disturbed)) finish(waiting);
        int index = lowestFoldable();
        if (index < 0) return false;
        Layer upper = volume.stack()[index];
        Batch before = batch;
        if (before != null && before.from != upper) finish(before);
        if (batch == null && cursor == 0 && upper.map.next(0, blocks()) == blocks()) remove(upper);
        else copy(upper, volume.stack()[index - 1], maxBlocks);
        return batch != null || lowestFoldable() >= 0;
    }

    /** Only a layer above the base that takes no writes of its own; the lowest first. */
    private int lowestFoldable() {
        int depth = volume.stack().length;
        int lowest = active(volume.stack()) == 1 ? 2 : 1;
        return lowest < depth ? lowest : -1;
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
        boolean data = LayerMap.holdsData(upper.map.get(block));
        int count = 1;
        while (count < maxBlocks && block + count < blocks() && upper.map.get(block + count) != LayerMap.ABSENT
                && LayerMap.holdsData(upper.map.get(block + count)) == data) count++;
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
            volume.switchTo(volume.manifest().withoutLayer(empty.number));
            volume.syncing.lock();
            volume.writing.lock();
            try {
                volume.restack(Arrays.stream(volume.stack()).filter(layer -> layer != empty).toArray(Layer[]::new));
            } finally {
                volume.writing.unlock();
                volume.syncing.unlock();
            }
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

    /** What lay below {@code top} at the cut. */
    private final class View implements Frozen {
        private final Layer top;
        private final long sizeBytes;

        View(Layer top, long sizeBytes) {
            this.top = top;
            this.sizeBytes = sizeBytes;
        }

        int depth(Layer[] stack) { return Arrays.asList(stack).indexOf(top); }

        @Override public long sizeBytes() { return sizeBytes; }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
            checkOpen();
            FileDisk.checkRange(offsetBytes, into.remaining(), sizeBytes);
            FileDisk.read(volume, this::reader, offsetBytes, into);
            checkOpen();
        }

        @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException {
            FileDisk.checkRange(offsetBytes, endBytes - offsetBytes, sizeBytes);
            Extent extent = FileDisk.extent(volume, this::reader, offsetBytes, endBytes);
            checkOpen();
            return extent;
        }

        /** A closed view may have lost its place in the stack; what is read then is not handed out. */
        private LayerReader reader() {
            Layer[] stack = volume.stack();
            return new LayerReader(stack, Math.max(0, depth(stack)));
        }

        private void checkOpen() throws IOException {
            if (cut != this) throw new IOException("the cut is closed");
        }

        @Override public void close() {
            volume.writing.lock();
            if (cut == this) cut = null;
            volume.writing.unlock();
        }
    }

    /** A layer outside the stack. */
    private final class Filling implements Staged {
        private final Layer layer;
        private final long sizeBytes;

        Filling(Layer layer, long sizeBytes) {
            this.layer = layer;
            this.sizeBytes = sizeBytes;
        }

        @Override public void write(long offsetBytes, ByteBuffer from) throws IOException {
            checkOpen();
            FileDisk.checkRange(offsetBytes, from.remaining(), sizeBytes);
            layer.write(offsetBytes / BLOCK_BYTES, from);
        }

        @Override public void zero(long offsetBytes, long lengthBytes) throws IOException {
            checkOpen();
            FileDisk.checkRange(offsetBytes, lengthBytes, sizeBytes);
            layer.zero(offsetBytes / BLOCK_BYTES, lengthBytes / BLOCK_BYTES, false);
        }

        @Override public void flush() throws IOException { throw new UnsupportedOperationException("flush"); }

        @Override public Extent filledAt(long offsetBytes, long endBytes) { throw new UnsupportedOperationException("filledAt"); }

        @Override public long sizeBytes() { throw new UnsupportedOperationException("sizeBytes"); }

        @Override public void read(long offsetBytes, ByteBuffer into) { throw new UnsupportedOperationException("read"); }

        @Override public Extent extentAt(long offsetBytes, long endBytes) { throw new UnsupportedOperationException("extentAt"); }

        @Override public void commit(byte[] mark, Optional<UUID> snapshot) throws IOException {
            checkOpen();
            FileMemo.checkMark(mark);
            volume.switching.lock();
            try {
                layer.grow(volume.sizeBytes());
                layer.bringToDisk();
                volume.switchTo(volume.manifest().withLayer(layer.number).withMark(mark.clone()));
                volume.writing.lock();
                try {
                    push(layer);
                } finally {
                    volume.writing.unlock();
                }
                filling = null;
            } finally {
                volume.switching.unlock();
            }
        }

        @Override public void discard() throws IOException {
            if (filling != this) return;
            filling = null;
            layer.delete();
        }

        private void checkOpen() {
            if (filling != this) throw new IllegalStateException("the staged layer is committed or discarded");
        }
    }
}
