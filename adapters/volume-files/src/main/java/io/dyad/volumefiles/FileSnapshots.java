package io.dyad.volumefiles;

import io.dyad.replication.Blocks;
import io.dyad.replication.LayerStack.Frozen;
import io.dyad.replication.Snapshots;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The pins that the manifest names. */
final class FileSnapshots implements Snapshots {
    private final FileVolume volume;

    FileSnapshots(FileVolume volume) { this.volume = volume; }

    @Override public void take(UUID name, Optional<UUID> of) throws IOException {
        checkNew(volume.manifest().layout(), name);
        if (of.isPresent()) copy(of.get(), name);
        else cut(name);
    }

    /** One more name at the same pin. */
    private void copy(UUID of, UUID name) throws IOException {
        volume.switching.lock();
        try {
            volume.checkOpen();
            Layout layout = volume.manifest().layout();
            Layout.Snapshot from = layout.snapshot(of).orElseThrow(() -> new FileNotFoundException("there is no snapshot " + of));
            volume.switchTo(volume.manifest().with(layout.with(new Layout.Snapshot(name, from.above(), from.sizeBytes()))));
            volume.writing.lock();
            try {
                volume.layers().pin(from.above());
            } finally {
                volume.writing.unlock();
            }
        } finally {
            volume.switching.unlock();
        }
    }

    private void cut(UUID name) throws IOException {
        volume.sync.join();
        volume.switching.lock();
        try {
            FileLayerStack layers = volume.layers();
            Layer above = layers.above();
            layers.switchTo(volume.manifest().layout().withTop(above.number)
                    .with(new Layout.Snapshot(name, above.number, volume.sizeBytes())), above);
            volume.writing.lock();
            try {
                layers.push(above);
                layers.pin(above.number);
            } finally {
                volume.writing.unlock();
            }
        } finally {
            volume.switching.unlock();
        }
    }

    static void checkNew(Layout layout, UUID name) {
        if (layout.snapshot(name).isPresent()) throw new IllegalArgumentException("there is a snapshot " + name + " already");
    }

    @Override public Frozen open(UUID name) throws IOException {
        volume.switching.lock();
        try {
            volume.checkOpen();
            Layout.Snapshot snapshot = volume.manifest().layout().snapshot(name)
                    .orElseThrow(() -> new FileNotFoundException("there is no snapshot " + name));
            volume.writing.lock();
            try {
                Layer above = Arrays.stream(volume.stack()).filter(layer -> layer.number == snapshot.above()).findFirst().orElseThrow();
                return volume.layers().view(above, snapshot.sizeBytes());
            } finally {
                volume.writing.unlock();
            }
        } finally {
            volume.switching.unlock();
        }
    }

    @Override public void delete(UUID name) throws IOException {
        volume.switching.lock();
        try {
            Layout layout = volume.manifest().layout();
            if (layout.snapshot(name).isEmpty()) return;
            volume.switchTo(volume.manifest().with(layout.without(name)));
            volume.writing.lock();
            try {
                volume.layers().unpin(layout.snapshot(name).orElseThrow().above());
            } finally {
                volume.writing.unlock();
            }
        } finally {
            volume.switching.unlock();
        }
    }

    /** So it is while every layer above the cut is empty. */
    @Override public boolean unwrittenSince(UUID name) throws IOException {
        volume.switching.lock();
        try {
            volume.checkOpen();
            Optional<Layout.Snapshot> cut = volume.manifest().layout().snapshot(name);
            if (cut.isEmpty()) return false;
            long blocks = volume.sizeBytes() / Blocks.BLOCK_BYTES;
            for (Layer layer : volume.layers().from(cut.get().above())) if (!layer.untouched() && layer.map.next(0, blocks) < blocks) return false;
            return true;
        } finally {
            volume.switching.unlock();
        }
    }

    @Override public Set<UUID> names() {
        return volume.manifest().layout().snapshots().stream().map(Layout.Snapshot::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
