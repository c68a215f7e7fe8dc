package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A disk whose writes leave a trace while it is a source's: each reaches the disk, gets its number, and leaves an entry in the
 * ring or a mark in the dirty map. So overlapping writes reach disk and stream in one order. The volume's lock is held.
 */
final class TrackedDisk {
    private final Disk disk;
    private final Ledger ledger;
    private final Lag lag;
    private final LagMeter meter;

    TrackedDisk(Disk disk, Ledger ledger, LagMeter meter) {
        this.disk = disk;
        this.ledger = ledger;
        this.lag = ledger.lag();
        this.meter = meter;
    }

    Disk disk() { return disk; }

    /** Writes whole blocks, cut into pieces of a chunk of the ring. */
    void write(long offsetBytes, ByteBuffer from) throws IOException {
        int length = from.remaining();
        try {
            if (!ledger.tracks()) {
                disk.write(offsetBytes, from);
                return;
            }
            for (long at = offsetBytes; from.hasRemaining(); at += RingBudget.PIECE_BYTES) {
                ByteBuffer piece = from.slice(from.position(), Math.min(RingBudget.PIECE_BYTES, from.remaining()));
                from.position(from.position() + piece.remaining());
                disk.write(at, piece.duplicate());
                lag.wrote(at, piece);
            }
            meter.wrote(length);
        } catch (IOException e) {
            if (ledger.tracks()) lag.failed(offsetBytes, length);
            throw e;
        }
    }

    /** Makes whole blocks zero. */
    void zero(long offsetBytes, long lengthBytes) throws IOException {
        try {
            disk.zero(offsetBytes, lengthBytes);
            if (ledger.tracks()) lag.zeroed(offsetBytes, lengthBytes);
        } catch (IOException e) {
            if (ledger.tracks()) lag.failed(offsetBytes, lengthBytes);
            throw e;
        }
    }
}
