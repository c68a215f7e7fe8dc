package io.dyad.replication;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The layers under a volume. A layer is a sparse file at the volume's own offsets with a map of what is present in it.
 * Called by the one thread that holds the owner's lock, except for reads of a {@link Frozen} and the calls on a {@link Staged}.
 */
public interface LayerStack {
    /** A cut: from here on writes go to a new top layer and the returned view stays as it is. At most one at a time. */
    Frozen freeze() throws IOException;

    /** A new layer outside the stack, to be filled and then committed or discarded. At most one at a time. */
    Staged stage() throws IOException;

    /** Moves up to {@code maxBlocks} blocks of a layer that is no longer needed into the one below; false when nothing is left to fold. */
    boolean fold(int maxBlocks) throws IOException;

    /** The content at a cut. Closing lets the layers above it fold down; its reads fail afterwards. */
    interface Frozen extends Blocks, Closeable {
        @Override void close() throws IOException;
    }

    /** A layer being filled by one thread. One left behind by a crash is gone after reopening. */
    interface Staged {
        /** Writes whole blocks into the layer. */
        void write(long offsetBytes, ByteBuffer from) throws IOException;

        /** The blocks will read as zeroes once committed, whatever lies below. */
        void zero(long offsetBytes, long lengthBytes) throws IOException;

        /**
         * Makes the layer durable, then puts it on top of the stack and replaces the {@link Memo#mark() mark}, both by one
         * durable manifest switch. {@link LayerStack#fold} takes it down from there. The owner's lock is held.
         */
        void commit(byte[] mark) throws IOException;

        /** Drops the layer. */
        void discard() throws IOException;
    }
}
