package io.dyad.volumefiles;

import io.dyad.replication.Staged;
import io.dyad.replication.Staging;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The place beside the stack, and the layer in it if there is one. Changed while {@code switching} is held. */
final class FileStaging implements Staging {
    private final FileVolume volume;
    private volatile @Nullable StagedLayer staged;

    FileStaging(FileVolume volume) { this.volume = volume; }

    @Override public Staged stage() throws IOException {
        if (staged != null) throw new IllegalStateException("a layer is staged already");
        volume.switching.lock();
        try {
            volume.check();
            Layer layer = volume.layers().create();
            volume.layers().switchTo(volume.manifest().layout().withStaged(layer.number), layer);
            StagedLayer made = new StagedLayer(volume, layer);
            staged = made;
            return made;
        } finally {
            volume.switching.unlock();
        }
    }

    @Override public Optional<Staged> unfinished() { return Optional.ofNullable(staged); }

    @Nullable StagedLayer staged() { return staged; }

    /** What an opening has found. */
    void found(StagedLayer layer) { staged = layer; }

    /** It is part of the stack, or gone. */
    void empty() { staged = null; }
}
