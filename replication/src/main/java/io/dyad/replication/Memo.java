package io.dyad.replication;

import java.io.IOException;
import java.util.BitSet;

/** What a volume remembers for the replication beside its blocks. */
public interface Memo {
    /** A region is the unit of the write-intent map: 4 MiB, 1024 blocks. */
    int REGION_BYTES = 4 << 20;

    /**
     * The write-intent map: every region dirtied since it was last {@link #settle settled}, a superset that survives any
     * crash, because a region is marked durably before its first write.
     */
    BitSet intents();

    /** Clears intent of every region outside {@code needed}, as far as its writes are behind a {@link Disk#checkpoint}; durable lazily. */
    void settle(BitSet needed) throws IOException;

    /** The replication's own durable record, empty at first; written by {@link #mark} or with a commit. */
    byte[] mark();

    /** Replaces the record, durably and atomically. At most 16 MiB. */
    void mark(byte[] record) throws IOException;
}
