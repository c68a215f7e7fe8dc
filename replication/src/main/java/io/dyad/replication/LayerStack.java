package io.dyad.replication;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * The layers under a volume. A layer is a sparse file at the volume's own offsets with a map of what is present in it.
 * Called by the one thread that holds the owner's lock, except for reads of a {@link Frozen} and the calls on a {@link Staged}.
 */
public interface LayerStack {
    /** A cut: from here on writes go to a new top layer and the returned view stays as it is. Any number may be open; none survives a restart. */
    Frozen freeze() throws IOException;

    /** A new layer outside the stack, to be filled and then committed or discarded. At most one at a time, an unfinished one included. */
    Staged stage() throws IOException;

    /** The staged layer that a restart left unfinished: what was {@link Staged#flush flushed} is in it, what came later may be. */
    Optional<Staged> unfinished() throws IOException;

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

    /** A layer being filled by one thread; it reads as if it were committed already. */
    interface Staged extends Blocks {
        /** Writes whole blocks into the layer. */
        void write(long offsetBytes, ByteBuffer from) throws IOException;

        /** The blocks will read as zeroes once committed, whatever lies below. */
        void zero(long offsetBytes, long lengthBytes) throws IOException;

        /** The run at {@code offsetBytes}, cut at {@code endBytes}, that is all written or zeroed in this layer ({@code allocated}), or all not. */
        Extent filledAt(long offsetBytes, long endBytes) throws IOException;

        /** Makes what is in the layer durable: after a restart it is {@link LayerStack#unfinished} there again. */
        void flush() throws IOException;

        /**
         * Makes the layer durable, then puts it on top of the stack, replaces the {@link Memo#mark() mark} and, where one is named,
         * takes a {@link Snapshots snapshot} of the result, all by one durable manifest switch. The owner's lock is held.
         */
        void commit(byte[] mark, Optional<UUID> snapshot) throws IOException;

        /** Drops the layer. */
        void discard() throws IOException;
    }
}
