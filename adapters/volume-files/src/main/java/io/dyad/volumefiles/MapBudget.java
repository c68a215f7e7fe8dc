package io.dyad.volumefiles;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the maps of all layers together may take. Above it, leaves that were not used since the hand came by last
 * are dropped and read again when needed; leaves that wait for a flush stay. Safe for any thread.
 */
public final class MapBudget {
    /** The one of all stores of a process that are not given another: 256 MiB. */
    public static final MapBudget SHARED = new MapBudget(256L << 20);
    /** How many leaves one newcomer may look at before it is let in above the budget. */
    private static final int LOOKS = 32;
    /** One part in so many of the budget may be leaves that wait to be stored though a flush came by. */
    private static final int WAITING_PART = 4;

    private final long limitBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable MapLeaf oldest;
    private @Nullable MapLeaf newest;
    private long usedBytes;
    private final AtomicLong waiting = new AtomicLong();

    public MapBudget(long limitBytes) { this.limitBytes = limitBytes; }

    /** What the maps take now. */
    public long usedBytes() {
        lock.lock();
        try {
            return usedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** So many more leaves wait to be stored, or fewer. */
    void awaits(int more) { waiting.addAndGet(more); }

    /** Whether those that wait may go on to. */
    boolean letsWait() { return waiting.get() * MapLeaf.HEAP_BYTES <= limitBytes / WAITING_PART; }

    void add(MapLeaf leaf, LayerMap home) {
        lock.lock();
        try {
            leaf.home = home;
            link(leaf);
            usedBytes += MapLeaf.HEAP_BYTES;
            for (int looks = 0; looks < LOOKS && usedBytes > limitBytes; looks++) look(leaf);
        } finally {
            lock.unlock();
        }
    }

    private void look(MapLeaf newcomer) {
        MapLeaf leaf = oldest;
        if (leaf == null || leaf == newcomer) return;
        LayerMap home = leaf.home;
        unlink(leaf);
        if (!leaf.used && leaf.leave()) {
            usedBytes -= MapLeaf.HEAP_BYTES;
            leaf.home = null;
            if (home != null) home.dropped(leaf);
        } else {
            leaf.used = false;
            link(leaf);
        }
    }

    /** Its layer is closed. */
    void remove(MapLeaf leaf) {
        lock.lock();
        try {
            if (leaf.home == null) return;
            leaf.home = null;
            unlink(leaf);
            usedBytes -= MapLeaf.HEAP_BYTES;
        } finally {
            lock.unlock();
        }
    }

    private void link(MapLeaf leaf) {
        MapLeaf last = newest;
        leaf.before = last;
        leaf.after = null;
        newest = leaf;
        if (last == null) oldest = leaf;
        else last.after = leaf;
    }

    private void unlink(MapLeaf leaf) {
        MapLeaf before = leaf.before;
        MapLeaf after = leaf.after;
        if (before == null) oldest = after;
        else before.after = after;
        if (after == null) newest = before;
        else after.before = before;
        leaf.before = null;
        leaf.after = null;
    }
}
