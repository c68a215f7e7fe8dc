package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.replication.Staged;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A layer beside the stack, named by the manifest. Its map goes to the file only by {@link #flush}, after the bytes: so what a
 * restart finds in the map is there. A block that the file's map may know is therefore taken out of it, durably, before its
 * bytes change. Others are written while a flush is under way.
 */
final class StagedLayer implements Staged {
    final Layer layer;
    /** Bytes and entries of the layer; taken after {@code flushing} and before {@code writing}. */
    private final ReentrantLock filling = new ReentrantLock();
    /** The layer's way to the disk; taken after {@code switching}. */
    final ReentrantLock flushing = new ReentrantLock();
    private final FileVolume volume;

    StagedLayer(FileVolume volume, Layer layer) {
        this.volume = volume;
        this.layer = layer;
    }

    @Override public long sizeBytes() { return volume.sizeBytes(); }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        checkOpen();
        FileDisk.checkRange(offsetBytes, into.remaining(), sizeBytes());
        int start = into.position();
        if (FileDisk.quickly(volume, this::reader, offsetBytes, into)) return;
        filling.lock();
        try {
            FileDisk.read(volume, this::reader, offsetBytes + into.position() - start, into);
        } finally {
            filling.unlock();
        }
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException {
        checkOpen();
        FileDisk.checkRange(offsetBytes, endBytes - offsetBytes, sizeBytes());
        return FileDisk.extent(volume, this::reader, offsetBytes, endBytes);
    }

    private LayerReader reader() {
        Layer[] stack = volume.stack();
        Layer[] more = Arrays.copyOf(stack, stack.length + 1);
        more[stack.length] = layer;
        return new LayerReader(more, more.length);
    }

    @Override public void write(long offsetBytes, ByteBuffer from) throws IOException {
        FileDisk.checkRange(offsetBytes, from.remaining(), sizeBytes());
        if (!wroteFresh(offsetBytes / BLOCK_BYTES, from)) overwrite(offsetBytes / BLOCK_BYTES, from);
    }

    /** False where the map holds an entry for one of the blocks. */
    private boolean wroteFresh(long first, ByteBuffer from) throws IOException {
        filling.lock();
        try {
            checkOpen();
            long end = first + from.remaining() / BLOCK_BYTES;
            if (layer.map.next(first, end) != end) return false;
            layer.write(first, from);
            return true;
        } finally {
            filling.unlock();
        }
    }

    /** No flush stores the old entries any more. */
    private void overwrite(long first, ByteBuffer from) throws IOException {
        flushing.lock();
        filling.lock();
        try {
            checkOpen();
            long end = first + from.remaining() / BLOCK_BYTES;
            volume.decisive(() -> {
                layer.map.clear(first, end);
                layer.map.force();
            });
            layer.write(first, from);
        } finally {
            filling.unlock();
            flushing.unlock();
        }
    }

    @Override public void zero(long offsetBytes, long lengthBytes) throws IOException {
        filling.lock();
        try {
            checkOpen();
            FileDisk.checkRange(offsetBytes, lengthBytes, sizeBytes());
            layer.zero(offsetBytes / BLOCK_BYTES, lengthBytes / BLOCK_BYTES, false);
        } finally {
            filling.unlock();
        }
    }

    @Override public Extent filledAt(long offsetBytes, long endBytes) throws IOException {
        FileDisk.checkRange(offsetBytes, endBytes - offsetBytes, sizeBytes());
        filling.lock();
        try {
            checkOpen();
            long first = offsetBytes / BLOCK_BYTES;
            long end = endBytes / BLOCK_BYTES;
            boolean filled = first < end && filled(first);
            long next = filled ? first : layer.map.next(first, end);
            while (next < end && filled(next) == filled) next++;
            return new Extent(offsetBytes, (next - first) * BLOCK_BYTES, filled);
        } finally {
            filling.unlock();
        }
    }

    /** Damage counts as not filled: it is to come again. */
    private boolean filled(long block) throws IOException {
        int entry = layer.map.get(block);
        return entry != Entry.ABSENT && entry != Entry.DAMAGED;
    }

    @Override public void flush() throws IOException {
        flushing.lock();
        try {
            bringToDisk();
        } finally {
            flushing.unlock();
        }
    }

    /** Entries are taken before the bytes they speak of are forced, so more may be written meanwhile. {@code flushing} is held. */
    private void bringToDisk() throws IOException {
        Layer.Unsynced taken = take();
        boolean stored = false;
        try {
            volume.decisive(() -> {
                taken.forceData();
                taken.storeMap();
                taken.forceMap();
            });
            stored = true;
        } finally {
            if (!stored) giveBack(taken);
        }
    }

    private Layer.Unsynced take() throws IOException {
        filling.lock();
        try {
            checkOpen();
            return layer.takeDirty();
        } finally {
            filling.unlock();
        }
    }

    private void giveBack(Layer.Unsynced taken) {
        filling.lock();
        try {
            taken.giveBack();
        } finally {
            filling.unlock();
        }
    }

    /** Makes room for a larger volume. */
    void grow(long sizeBytes) throws IOException {
        flushing.lock();
        filling.lock();
        try {
            layer.grow(sizeBytes);
        } finally {
            filling.unlock();
            flushing.unlock();
        }
    }

    @Override public void commit(byte[] mark, Optional<UUID> snapshot) throws IOException {
        FileMemo.checkMark(mark);
        if (snapshot.isPresent()) volume.sync.join();
        volume.switching.lock();
        flushing.lock();
        filling.lock();
        try {
            checkOpen();
            bringToDisk();
            Layout layout = volume.manifest().layout().withoutStaged().withTop(layer.number);
            if (snapshot.isPresent()) commitBelow(mark, layout, snapshot.get());
            else {
                volume.switchTo(volume.manifest().with(layout).withMark(mark.clone()));
                stand(layer);
            }
        } finally {
            filling.unlock();
            flushing.unlock();
            volume.switching.unlock();
        }
    }

    private void commitBelow(byte[] mark, Layout layout, UUID snapshot) throws IOException {
        FileSnapshots.checkNew(layout, snapshot);
        Layer above = volume.layers().create();
        try {
            volume.switchTo(volume.manifest().withMark(mark.clone())
                    .with(layout.withTop(above.number).with(new Layout.Snapshot(snapshot, above.number, sizeBytes()))));
        } catch (IOException e) {
            if (!volume.broken()) above.delete();
            throw e;
        }
        stand(layer, above);
    }

    /** The layer is committed, and above it there is, where a snapshot of it was taken, the one that takes writes now. */
    private void stand(Layer committed, Layer... above) {
        FileLayerStack layers = volume.layers();
        volume.writing.lock();
        try {
            layers.push(committed);
            for (Layer top : above) {
                layers.push(top);
                layers.pin(top.number);
            }
        } finally {
            volume.writing.unlock();
        }
        volume.staging().empty();
    }

    @Override public void discard() throws IOException {
        volume.switching.lock();
        flushing.lock();
        filling.lock();
        try {
            if (volume.staging().staged() != this) return;
            volume.switchTo(volume.manifest().with(volume.manifest().layout().withoutStaged()));
            volume.staging().empty();
            layer.delete();
        } finally {
            filling.unlock();
            flushing.unlock();
            volume.switching.unlock();
        }
    }

    private void checkOpen() throws IOException {
        if (volume.staging().staged() != this) throw new IllegalStateException("the staged layer is committed or discarded");
        volume.check();
    }
}
