package io.dyad.volumefiles;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Disk;
import io.dyad.replication.Journal;
import io.dyad.replication.Memo;
import io.dyad.replication.Snapshots;
import io.dyad.replication.StoreFullException;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * One volume's directory and what its faces share.
 *
 * <p>Locks, taken in this order only: {@code switching} (the manifest) → {@code syncing} (no layer's files close under a
 * running sync) → {@link StagedLayer#flushing} → its {@code filling} → {@code writing} (entries, bytes, intents) →
 * {@code reading} (a read holds it shared; whoever changes the stack holds it alone).
 *
 * <p>Write order, which recovery relies on: intent forced → bytes → {@link VolumeSync}.
 */
final class FileVolume implements StoredVolume {
    final Layer.Place place;
    final FileLayer files;
    final Path dir;
    final IntentMap intents;
    final RecentEntries recent;
    final ReentrantLock switching = new ReentrantLock();
    final ReentrantLock syncing = new ReentrantLock();
    final ReentrantLock writing = new ReentrantLock();
    final StampedLock reading = new StampedLock();
    final VolumeSync sync = new VolumeSync(this);
    private final VolumeId id;
    private final Runnable whenClosed;
    private final FileDisk disk = new FileDisk(this);
    private final FileLayerStack layers = new FileLayerStack(this);
    private final FileStaging staging = new FileStaging(this);
    private final FileSnapshots snapshots = new FileSnapshots(this);
    private final FileMemo memo = new FileMemo(this);
    private final SegmentJournal journal;
    private volatile Manifest manifest;
    private volatile Layer[] stack = {};
    private volatile int active;
    private volatile @Nullable IOException broken;
    private volatile boolean closed;

    @SuppressWarnings("this-escape")
    private FileVolume(Layer.Place place, VolumeId id, Manifest manifest, IntentMap intents, Runnable whenClosed) throws IOException {
        this.place = place;
        this.files = place.files();
        this.dir = place.dir();
        this.id = id;
        this.manifest = manifest;
        this.intents = intents;
        this.whenClosed = whenClosed;
        this.recent = RecentEntries.open(files, dir);
        this.journal = SegmentJournal.open(files, dir);
    }

    static FileVolume open(Layer.Place place, VolumeId id, Runnable whenClosed) throws IOException {
        FileLayer files = place.files();
        Path dir = place.dir();
        Manifest manifest = Manifest.load(files, dir);
        VolumeDirectory.dropStrangers(place, manifest);
        IntentMap intents = IntentMap.open(files, dir, manifest.sizeBytes());
        FileVolume volume = new FileVolume(place, id, manifest, intents, whenClosed);
        try {
            volume.openLayers();
            volume.recover();
            return volume;
        } catch (IOException | RuntimeException e) {
            volume.release();
            throw e;
        }
    }

    private void openLayers() throws IOException {
        Layout layout = manifest.layout();
        List<Layer> opened = new ArrayList<>();
        for (long number : layout.layers()) {
            opened.add(Layer.open(place, number, opened.isEmpty(), manifest.sizeBytes()));
            stack = opened.toArray(Layer[]::new);
        }
        layout.snapshots().forEach(snapshot -> layers.pin(snapshot.above()));
        if (layout.staged().isEmpty()) return;
        StagedLayer staged = new StagedLayer(this, Layer.open(place, layout.staged().getAsLong(), false, manifest.sizeBytes()));
        staging.found(staged);
        staged.layer.bringToDisk();                        // a kill may have left what was not forced: from here on it is relied on
    }

    private void recover() throws IOException {
        BitSet doubts = intents.doubts();
        if (doubts.isEmpty()) return;
        new Recovery(stack, active, layers).run(recent.read(), doubts, sizeBytes());
        recent.restart();
        intents.trust();
    }

    @Override public Disk disk() { return disk; }

    @Override public FileLayerStack layers() { return layers; }

    @Override public FileStaging staging() { return staging; }

    @Override public Snapshots snapshots() { return snapshots; }

    @Override public Journal journal() { return journal; }

    @Override public Memo memo() { return memo; }

    Manifest manifest() { return manifest; }

    Layer[] stack() { return stack; }

    long sizeBytes() { return manifest.sizeBytes(); }

    /** The layer that takes writes: the base, or the one above the highest pin. */
    int active() { return active; }

    LayerReader reader() { return new LayerReader(stack, stack.length); }

    /** Guards every change: after a failed force nothing more is believed. */
    void check() throws IOException {
        checkOpen();
        IOException why = broken;
        if (why != null) throw new IOException("volume " + id + " stopped: the disk failed to keep its word", why);
    }

    void checkOpen() throws IOException {
        if (closed) throw new IOException("volume " + id + " is closed");
    }

    boolean broken() { return broken != null; }

    /** A step after whose failure nobody knows what is on the disk. */
    interface Decisive {
        void run() throws IOException;
    }

    /** A full disk is not a broken one: a step that finds no room has changed nothing, and may be tried again. */
    void decisive(Decisive step) throws IOException {
        try {
            step.run();
        } catch (StoreFullException full) {
            throw full;
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
    void restack(Layer[] next, int nextActive) {
        long stamp = reading.writeLock();
        stack = next;
        active = nextActive;
        reading.unlockWrite(stamp);
    }

    /** Makes room in every layer for a larger volume. {@code switching} is held. */
    void growLayers(long sizeBytes) throws IOException {
        StagedLayer staged = staging.staged();
        if (staged != null) staged.grow(sizeBytes);
        writing.lock();
        long stamp = reading.writeLock();
        try {
            for (Layer layer : stack) layer.grow(sizeBytes);
            decisive(() -> intents.grow(sizeBytes));
        } finally {
            reading.unlockWrite(stamp);
            writing.unlock();
        }
    }

    @Override public void close() throws IOException {
        if (closed) return;
        try {
            sync.join();
            StagedLayer staged = staging.staged();
            if (staged != null) staged.flush();
            journal.force();
            writing.lock();
            try {
                intents.clean();
                intents.force();
                recent.rest();
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
            StagedLayer staged = staging.staged();
            if (staged != null) staged.layer.close();
            for (Layer layer : stack) layer.close();
            intents.close();
            recent.close();
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
