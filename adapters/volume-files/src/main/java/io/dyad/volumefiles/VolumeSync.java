package io.dyad.volumefiles;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How what was written to a volume becomes durable, one sync for all who wait.
 *
 * <p>Order, which recovery relies on: copies of changed leaves taken → bytes forced → those copies written → maps forced →
 * {@link RecentEntries} outdated. So a map on disk never speaks of bytes that are not there. Of a base alone a flush forces the
 * bytes only: what its map lacks stands in regions in doubt, and recovery finds it there.
 */
final class VolumeSync {
    private final FileVolume volume;
    private final GroupSync all = new GroupSync(this::bringToDisk);
    private final GroupSync bytes = new GroupSync(this::bringBytesToDisk);

    VolumeSync(FileVolume volume) { this.volume = volume; }

    /** Makes durable what was written before; the maps with it where recovery could not do without. */
    void flush() throws IOException {
        if (bytesAlone()) bytes.join();
        else all.join();
    }

    /** Makes durable what was written before, maps and all. */
    void join() throws IOException { all.join(); }

    /** The number of the first whole sync that begins from here on. */
    long ticket() { return all.ticket(); }

    /** Returns once that one has succeeded. */
    void join(long ticket) throws IOException { all.join(ticket); }

    private boolean bytesAlone() {
        volume.writing.lock();
        try {
            Layer[] stack = volume.stack();
            return stack.length == 1 && stack[0].map.mayWait();
        } finally {
            volume.writing.unlock();
        }
    }

    private void bringBytesToDisk() throws IOException {
        volume.syncing.lock();
        try {
            volume.check();
            Layer base = volume.stack()[0];
            volume.writing.lock();
            try {
                if (!base.takeBytes()) return;
            } finally {
                volume.writing.unlock();
            }
            volume.decisive(base::forceBytes);
        } finally {
            volume.syncing.unlock();
        }
    }

    private void bringToDisk() throws IOException {
        volume.syncing.lock();
        try {
            volume.check();
            List<Layer.Unsynced> work = new ArrayList<>();
            long generation = begin(work);
            boolean stored = false;
            try {
                volume.decisive(() -> forceInOrder(work, generation));
                stored = true;
            } finally {
                ended(work, stored, generation);
            }
        } finally {
            volume.syncing.unlock();
        }
    }

    private long begin(List<Layer.Unsynced> work) {
        volume.writing.lock();
        try {
            for (Layer layer : volume.stack()) {
                if (layer.dirty()) work.add(layer.takeDirty());
            }
            volume.intents.syncBegins();
            return volume.recent.syncBegins();
        } finally {
            volume.writing.unlock();
        }
    }

    private void forceInOrder(List<Layer.Unsynced> work, long generation) throws IOException {
        for (Layer.Unsynced each : work) each.forceData();
        for (Layer.Unsynced each : work) each.storeMap();
        for (Layer.Unsynced each : work) each.forceMap();
        volume.recent.outdate(generation);
    }

    private void ended(List<Layer.Unsynced> work, boolean stored, long generation) {
        volume.writing.lock();
        try {
            if (stored) {
                volume.intents.syncEnded();
                volume.recent.syncEnded(generation);
            } else {
                volume.intents.syncFailed();
                work.forEach(Layer.Unsynced::giveBack);
            }
        } finally {
            volume.writing.unlock();
        }
    }
}
