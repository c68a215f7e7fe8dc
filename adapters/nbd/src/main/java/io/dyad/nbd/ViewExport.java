package io.dyad.nbd;

import io.dyad.cluster.BlockView;
import io.dyad.replication.Blocks.Extent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** One host session's read-only view of content that stays as it is: a snapshot, or a target's consistent point. */
final class ViewExport implements Export {
    private final BlockView view;

    ViewExport(BlockView view) { this.view = view; }

    @Override public long sizeBytes() { return view.sizeBytes(); }

    @Override public int minimumBlockBytes() { return BlockView.BLOCK_BYTES; }

    @Override public boolean readOnly() { return true; }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException { view.read(offsetBytes, into); }

    @Override public long write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException { throw readOnlyView(); }

    @Override public long zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException { throw readOnlyView(); }

    /** Nothing is ever written, so nothing is waited for. */
    @Override public long acknowledged(long number) { return number; }

    private static NbdException readOnlyView() { return new NbdException(NbdError.EPERM, "a view is only read"); }

    /** Nothing is ever written to it. */
    @Override public void flush() { }

    @Override public Status statusAt(long offsetBytes, long endBytes) throws IOException {
        Extent run = view.extentAt(offsetBytes, endBytes);
        return new Status(run.endBytes() - offsetBytes, run.allocated());
    }

    /** Nobody takes it back: a snapshot that is deleted stays readable for those who have it open. */
    @Override public void onRevoked(Runnable drop) { }

    @Override public void close() {
        try {
            view.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
