package io.dyad.testkit.sim;

import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.StoreFullException;
import java.io.IOException;

/** What stands before every operation on the disks of a cluster: it may be the last of the process, fail, or take its time. */
class SimTrouble {
    /** What an operation does to its disk. */
    enum Op { READ, WRITE, SYNC, OTHER }

    /** An injected failure. */
    static final class DiskError extends IOException {
        private static final long serialVersionUID = 1;

        DiskError(String message) { super(message); }
    }

    /** A disk that never fails. */
    static final SimTrouble NONE = new SimTrouble(new Scheduler(0));

    private final Scheduler time;
    /** No room for another block. */
    boolean full;
    /** One operation in so many fails; 0: none. */
    int readsFail;
    int writesFail;
    int syncsFail;
    /** A sync takes up to this long. */
    long slowSyncNs;

    private long roomSinceNs = -3600 * Scheduler.SECOND;

    SimTrouble(Scheduler time) { this.time = time; }

    /** An operation begins. */
    void pass(Op op) throws IOException {
        switch (op) {
            case READ  -> fail(readsFail, "read");
            case WRITE -> {
                if (full) throw new StoreFullException("the simulated disk is full");
                fail(writesFail, "write");
            }
            case SYNC  -> {
                if (slowSyncNs > 0) slow(time.between(1, slowSyncNs));
                fail(syncsFail, "sync");
            }
            case OTHER -> { }
        }
        tick();
    }

    private void fail(int oneIn, String what) throws IOException {
        if (oneIn > 0 && time.oneIn(oneIn)) throw new DiskError("injected: " + what + " failed");
    }

    /** An operation has had its effect, and its caller may not hear of it any more. */
    void tick() { }

    void slow(long forNs) { }

    /** How much of a write that fails reaches the disk. */
    int part(int blocks) { return time.upTo(blocks); }

    java.util.Random dice() { return time.dice; }

    /** How long there has been room. */
    final long roomForNs() { return full ? 0 : time.nowNs() - roomSinceNs; }

    final void heal() {
        if (full) roomSinceNs = time.nowNs();
        full = false;
        readsFail = writesFail = syncsFail = 0;
        slowSyncNs = 0;
    }

    /** True when a product may fail so on a disk like this. */
    static boolean explains(Throwable t) {
        for (Throwable cause = t; cause != null; cause = cause.getCause())
            if (cause instanceof DiskError || cause instanceof StoreFullException || cause instanceof DamagedBlockException) return true;
        return false;
    }
}
