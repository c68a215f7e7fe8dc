package io.dyad.replication;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** The durable cuts of a volume, and views that stay as they are while it is written to. Safe for any thread. */
public final class VolumeCuts {
    private final ReplicatedVolume volume;
    private final ReentrantLock lock;
    private final StoredVolume store;

    VolumeCuts(ReplicatedVolume volume, ReentrantLock lock, StoredVolume store) {
        this.volume = volume;
        this.lock = lock;
        this.store = store;
    }

    /**
     * Cuts all these volumes at one moment: no write to any of them is acknowledged between the first cut and the last.
     * When one fails the others are taken back. {@code ship}: they are to be on the targets too, where there are any.
     */
    public static void take(Map<ReplicatedVolume, UUID> names, boolean ship) throws IOException {
        List<Map.Entry<ReplicatedVolume, UUID>> inOrder = names.entrySet().stream().sorted(Comparator.comparing(e -> e.getKey().id())).toList();
        for (var e : inOrder) e.getKey().flush();                        // so that little is left to sync while writes wait
        inOrder.forEach(e -> e.getKey().cuts().lock.lock());
        try {
            for (var e : inOrder) e.getKey().cut(e.getValue(), ship);
        } catch (IOException | RuntimeException failed) {
            for (var e : inOrder) e.getKey().cuts().store.snapshots().delete(e.getValue());
            throw failed;
        } finally {
            inOrder.forEach(e -> e.getKey().cuts().lock.unlock());
        }
    }

    public Set<UUID> names() {
        lock.lock();
        try {
            return store.snapshots().names();
        } finally {
            lock.unlock();
        }
    }

    /** Views that are open on it stay readable. */
    public void delete(UUID name) throws IOException {
        lock.lock();
        try {
            store.snapshots().delete(name);
        } finally {
            lock.unlock();
        }
    }

    /** Unknown: {@link java.io.FileNotFoundException}. */
    public View open(UUID name) throws IOException {
        lock.lock();
        try {
            return new View(lock, store.snapshots().open(name));
        } finally {
            lock.unlock();
        }
    }

    /** False of a target whose first sync is not complete. */
    public boolean hasPoint() {
        Mark mark = volume.mark();
        return mark.role() != Mark.Role.TARGET || mark.bond().progress() == Mark.Progress.SYNCED;
    }

    /** The content now: of a target its last consistent point. While a first sync fills the volume there is none, and it is refused. */
    public View now() throws IOException {
        lock.lock();
        try {
            if (!hasPoint())
                throw new NotWritableException("volume " + volume.id() + " has no consistent point yet: its first sync is not complete");
            return new View(lock, store.layers().freeze());
        } finally {
            lock.unlock();
        }
    }

    /** Content that stays as it is until the view is closed. */
    public static final class View implements Blocks, Closeable {
        private final ReentrantLock lock;
        private final LayerStack.Frozen frozen;

        private View(ReentrantLock lock, LayerStack.Frozen frozen) {
            this.lock = lock;
            this.frozen = frozen;
        }

        @Override public long sizeBytes() { return frozen.sizeBytes(); }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException { frozen.read(offsetBytes, into); }

        @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException { return frozen.extentAt(offsetBytes, endBytes); }

        @Override public void close() throws IOException {
            lock.lock();
            try {
                frozen.close();
            } finally {
                lock.unlock();
            }
        }
    }
}
