package io.dyad.volumefiles;

import io.dyad.replication.LayerStack.Frozen;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What lies below a pinned layer. */
final class CutView implements Frozen {
    private final FileVolume volume;
    private final Layer above;
    private final long sizeBytes;
    private volatile boolean closed;

    CutView(FileVolume volume, Layer above, long sizeBytes) {
        this.volume = volume;
        this.above = above;
        this.sizeBytes = sizeBytes;
    }

    @Override public long sizeBytes() { return sizeBytes; }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        checkOpen();
        FileDisk.checkRange(offsetBytes, into.remaining(), sizeBytes);
        FileDisk.read(volume, this::reader, offsetBytes, into);
        checkOpen();
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException {
        FileDisk.checkRange(offsetBytes, endBytes - offsetBytes, sizeBytes);
        Extent extent = FileDisk.extent(volume, this::reader, offsetBytes, endBytes);
        checkOpen();
        return extent;
    }

    /** A closed view may have lost its place in the stack; what is read then is not handed out. */
    private LayerReader reader() {
        Layer[] stack = volume.stack();
        return new LayerReader(stack, Math.max(0, Arrays.asList(stack).indexOf(above)));
    }

    private void checkOpen() throws IOException {
        if (closed) throw new IOException("the cut is closed");
    }

    @Override public void close() {
        volume.writing.lock();
        try {
            if (closed) return;
            closed = true;
            volume.layers().unpin(above.number);
        } finally {
            volume.writing.unlock();
        }
    }
}
