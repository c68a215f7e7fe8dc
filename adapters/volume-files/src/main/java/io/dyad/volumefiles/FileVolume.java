package io.dyad.volumefiles;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Disk;
import io.dyad.replication.Journal;
import io.dyad.replication.LayerStack;
import io.dyad.replication.Memo;
import io.dyad.replication.Snapshots;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * One volume's directory and what its faces share.
 *
 * <p>Locks, taken in this order only: {@code switching} (the manifest) → {@code syncing} (no layer's files close under a
 * running sync) → {@code writing} (entries, bytes, intents) → {@code reading} (a read holds it shared; whoever changes the
 * stack holds it alone).
 *
 * <p>Write order, which recovery relies on: intent forced → bytes → [flush: copies of changed leaves taken → bytes forced →
 * those copies written → maps forced]. So a map on disk never speaks of bytes that are not there.
 */
final class FileVolume implements StoredVolume {
    final FileLayer files;
    final Path dir;
    final IntentMap intents;
    final ReentrantLock switching = new ReentrantLock();
    final ReentrantLock syncing = new ReentrantLock();
    final ReentrantLock writing = new ReentrantLock();
    final StampedLock reading = new StampedLock();
    final GroupSync sync = new GroupSync(this::bringToDisk);
    private final VolumeId id;
    private final Runnable whenClosed;
    private final FileDisk disk = new FileDisk(this);
    private final FileLayerStack layers = new FileLayerStack(this);
    private final FileMemo memo = new FileMemo(this);
    private final SegmentJournal journal;
    private volatile Manifest manifest;
    private volatile Layer[] stack;
    private volatile @Nullable IOException broken;
    private volatile boolean closed;

    @SuppressWarnings("this-escape")
    private FileVolume(FileLayer files, Path dir, VolumeId id, Manifest manifest, IntentMap intents, Runnable whenClosed)
            throws IOException {
        this.files = files;
        this.dir = dir;
        this.id = id;
        this.manifest = manifest;
        this.intents = intents;
        this.whenClosed = whenClosed;
        this.journal = SegmentJournal.open(files, dir);
        this.stack = new Layer[0];
    }

    /** Makes the files of an empty volume; the manifest comes last and makes it exist. */
    static void create(FileLayer files, Path dir, long sizeBytes) throws IOException {
        Layer.create(files, dir, 0, true, sizeBytes).close();
        IntentMap.create(files, dir, sizeBytes).close();
        files.forceDirectory(dir);
        Manifest.empty(sizeBytes).draft(files, dir);
        Manifest.publish(files, dir);
    }

    static FileVolume open(FileLayer files, Path dir, VolumeId id, Runnable whenClosed) throws IOException {
        Manifest manifest = Manifest.load(files, dir);
        dropStrangers(files, dir, manifest);
        IntentMap intents = IntentMap.open(files, dir, manifest.sizeBytes());
        FileVolume volume = new FileVolume(files, dir, id, manifest, intents, whenClosed);
        try {
            volume.openLayers();
            volume.recover();
            return volume;
        } catch (IOException | RuntimeException e) {
            volume.release();
            throw e;
        }
    }

    private static void dropStrangers(FileLayer files, Path dir, Manifest manifest) throws IOException {
        Set<String> ours = new TreeSet<>(Set.of(Manifest.NAME, IntentMap.NAME));
        for (long layer : manifest.layers()) ours.addAll(Set.of(Layer.dataName(layer), Layer.mapName(layer)));
        for (Path file : files.list(dir)) {
            String name = file.getFileName().toString();
            if (!ours.contains(name) && !SegmentJournal.owns(name)) files.delete(file);
        }
    }

    private void openLayers() throws IOException {
        for (long number : manifest.layers()) {
            Layer[] more = Arrays.copyOf(stack, stack.length + 1);
            more[stack.length] = Layer.open(files, dir, number, stack.length == 0, manifest.sizeBytes());
            stack = more;
        }
    }

    /** Corrects the entries of regions that were being written when the volume was last left without a close. */
    private void recover() throws IOException {
        BitSet doubts = intents.doubts();
        if (doubts.isEmpty()) return;
        long blocks = sizeBytes() / Disk.BLOCK_BYTES;
        for (int region = doubts.nextSetBit(0); region >= 0; region = doubts.nextSetBit(region + 1)) {
            long first = (long) region * LayerMap.LEAF_BLOCKS;
            for (Layer layer : stack) layer.recompute(first, Math.min(LayerMap.LEAF_BLOCKS, blocks - first));
        }
        for (Layer layer : stack) layer.bringToDisk();
        intents.trust();
    }

    @Override public Disk disk() { return disk; }

    @Override public LayerStack layers() { return layers; }

    @Override public Snapshots snapshots() { throw new UnsupportedOperationException("snapshots"); }

    @Override public Journal journal() { return journal; }

    @Override public Memo memo() { return memo; }

    Manifest manifest() { return manifest; }

    Layer[] stack() { return stack; }

    long sizeBytes() { return manifest.sizeBytes(); }

    /** The layer that takes writes: the base, or the one on top of an open cut. */
    int active() { return layers.active(stack); }

    FileLayerStack stackFace() { return layers; }

    LayerReader reader() { return new LayerReader(stack, stack.length); }

    /** Guards every change: after a failed force nothing more is believed. */
    void check() throws IOException {
        if (closed) throw new IOException("volume " + id + " is closed");
        IOException why = broken;
        if (why != null) throw new IOException("volume " + id + " stopped: the disk failed to keep its word", why);
    }

    /** A step after whose failure nobody knows what is on the disk. */
    interface Decisive {
        void run() throws IOException;
    }

    void decisive(Decisive step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }

    /** Puts a manifest in force, durably. {@code switching} is held. */
    void switchTo(Manifest next) throws IOException {
        check();
        next.draft(files, dir);
        decisive(() -> Manifest.publish(files, dir));
        manifest = next;
    }

    /** Changes the stack in memory. {@code writing} is held. */
    void restack(Layer[] next) {
        long stamp = reading.writeLock();
        stack = next;
        reading.unlockWrite(stamp);
    }

    /** One sync for all who wait: see the write order above. */
    private void bringToDisk() throws IOException {
        syncing.lock();
        try {
            check();
            List<Layer.Unsynced> work = new ArrayList<>();
            writing.lock();
            try {
                for (Layer layer : stack) {
                    if (layer.dirty()) work.add(layer.takeDirty());
                }
                intents.syncBegins();
            } finally {
                writing.unlock();
            }
            decisive(() -> {
                for (Layer.Unsynced each : work) each.forceData();
                for (Layer.Unsynced each : work) each.forceMap();
            });
            writing.lock();
            intents.syncEnded();
            writing.unlock();
        } finally {
            syncing.unlock();
        }
    }

    @Override public void close() throws IOException {
        if (closed) return;
        try {
            sync.join();
            journal.force();
            writing.lock();
            try {
                intents.clean();
                intents.force();
            } finally {
                writing.unlock();
            }
        } finally {
            release();
        }
    }

    private void release() throws IOException {
        switching.lock();
        syncing.lock();
        writing.lock();
        long stamp = reading.writeLock();
        try {
            closed = true;
            layers.discardStaged();
            for (Layer layer : stack) layer.close();
            intents.close();
            journal.close();
        } finally {
            reading.unlockWrite(stamp);
            writing.unlock();
            syncing.unlock();
            switching.unlock();
            whenClosed.run();
        }
    }
}
