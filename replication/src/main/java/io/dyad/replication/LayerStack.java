package io.dyad.replication;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The layers under a volume. A layer is a sparse file at the volume's own offsets with a map of what is present in it.
 * Called by the one thread that holds the owner's lock, except for {@link #ready}, {@link #folds} and reads of a {@link Frozen}.
 */
public interface LayerStack {
    /** A cut: from here on writes go to a new top layer and the returned view stays as it is. Any number may be open; none survives a restart. */
    Frozen freeze() throws IOException;

    /**
     * Waits for the disk where the next {@link #fold} would have to. By whoever is about to call that, before taking the owner's lock,
     * which hosts need.
     */
    default void ready() throws IOException { }

    /** Moves up to {@code maxBlocks} blocks of a layer that no cut needs any more into the one below; false when nothing is left to fold. */
    boolean fold(int maxBlocks) throws IOException;

    /** False while there is nothing to fold, as any thread may ask at any time without waiting. */
    default boolean folds() { return true; }

    /**
     * Writes a block again, in place, in each layer whose checksum there is that of {@code copy} and whose bytes no longer match it: the content,
     * its cuts and its snapshots are whole again at once, and nothing else changes. By the one measure that reads believe, the copy is what was
     * lost; one in 2^32 of other copies passes too. Durable with the next flush. False when no layer took it.
     */
    boolean heal(long offsetBytes, ByteBuffer copy) throws IOException;

    /** The content at a cut. Closing lets the layers above it fold down; its reads fail afterwards. */
    interface Frozen extends Blocks, Closeable {
        @Override void close() throws IOException;
    }
}
