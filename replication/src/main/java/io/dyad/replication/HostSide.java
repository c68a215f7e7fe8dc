package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import io.dyad.domain.Access;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A volume as hosts see it: what they may do now, and reads and writes of any range. Each write takes the volume's lock, and has
 * its number when it returns. Safe for any thread; reads and flushes take no lock.
 */
public final class HostSide {
    /** What hosts may do now. */
    public enum Admission {
        NOTHING, READ, WRITE;

        public static Admission of(Access access) {
            return switch (access) {
                case READ_WRITE -> WRITE;
                case READ_ONLY  -> READ;
                case LOCKED, REPLICATION_TARGET, SNAP_MIRROR_TARGET -> NOTHING;
            };
        }
    }

    private final Ledger ledger;
    private final VolumeLock lock;
    private final TrackedDisk disk;
    private final DamagedBlocks damage;
    private final Synchrony synchrony;
    private final Bell bell;
    private volatile Admission admission = Admission.NOTHING;
    private volatile boolean suspended;
    private volatile boolean throttling;
    private volatile Runnable onAdmission = () -> { };

    HostSide(Ledger ledger, TrackedDisk disk, DamagedBlocks damage, Synchrony synchrony, Bell bell) {
        this.ledger = ledger;
        this.lock = ledger.lock();
        this.disk = disk;
        this.damage = damage;
        this.synchrony = synchrony;
        this.bell = bell;
    }

    // ---- what hosts may do ----

    public Admission admission() { return suspended ? Admission.NOTHING : admission; }

    /** What hosts may do from now on. When it returns, no write that it forbids is still under way. */
    public void admit(Admission now) {
        Admission before = admission();
        lock.run(() -> admission = now);
        if (before != admission()) onAdmission.run();
    }

    /** Hosts may write no more, even once the volume is no longer suspended. */
    void fence() {
        if (admission == Admission.WRITE) admit(Admission.READ);
    }

    /** While suspended it serves no host, whatever it admits; its end of a pair works on. */
    public void suspend(boolean now) {
        Admission before = admission();
        lock.run(() -> suspended = now);
        if (before != admission()) onAdmission.run();
    }

    /** Nothing any more, and nobody is told: the volume closes. */
    void shut() { lock.run(() -> admission = Admission.NOTHING); }

    /** Called after each change of the admission, by whoever changed it. */
    public void onAdmission(Runnable changed) { onAdmission = changed; }

    private void requireWritable() throws IOException {
        synchrony.requireAnswering();
        if (admission() != Admission.WRITE) throw new NotWritableException("volume " + ledger.id() + " is not open for writing");
    }

    // ---- what they do ----

    /** Reads any range. */
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        if (admission() == Admission.NOTHING) throw new NotWritableException("volume " + ledger.id() + " serves no host now");
        damage.read(offsetBytes, into);
    }

    /**
     * Writes any range; smaller than a block is widened to whole blocks under the lock. {@code durable}: as a flush after it.
     * Returns the number of the write, which the host may be answered for once {@link Synchrony#acknowledged}.
     */
    public long write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException {
        long number = submit(offsetBytes, from);
        push();
        if (durable) flush();
        return number;
    }

    /** As {@link #write}, but nobody is told before {@link #push}, so that several can go to the target together. */
    public long submit(long offsetBytes, ByteBuffer from) throws IOException {
        int length = from.remaining();
        damage.mendEdges(offsetBytes, length);
        lock.lock();
        try {
            requireWritable();
            if (Widened.aligned(offsetBytes, length)) disk.write(offsetBytes, from);
            else {
                ByteBuffer whole = Widened.edges(disk.disk(), offsetBytes, length);
                Widened.inside(whole, offsetBytes, length).put(from);
                disk.write(Widened.begin(offsetBytes), whole);
            }
            return ledger.lag().seq();
        } finally {
            lock.unlock();
        }
    }

    /** What was submitted may leave. */
    public void push() { bell.push(ledger.lag().seq()); }

    /** Makes any range read as zeroes; as {@link #write}. */
    public long zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException {
        long first = Math.ceilDiv(offsetBytes, BLOCK_BYTES) * (long) BLOCK_BYTES;
        long last = Widened.begin(offsetBytes + lengthBytes);
        if (first > last) write(offsetBytes, ByteBuffer.allocate((int) lengthBytes), false);
        else {
            if (first > offsetBytes) write(offsetBytes, ByteBuffer.allocate((int) (first - offsetBytes)), false);
            if (last > first) zeroBlocks(first, last - first);
            if (offsetBytes + lengthBytes > last) write(last, ByteBuffer.allocate((int) (offsetBytes + lengthBytes - last)), false);
        }
        bell.ring();
        if (durable) flush();
        return ledger.lag().seq();
    }

    private void zeroBlocks(long offsetBytes, long lengthBytes) throws IOException {
        lock.run(() -> {
            requireWritable();
            disk.zero(offsetBytes, lengthBytes);
        });
    }

    /** Makes durable here what was acknowledged before the call; on the target see {@link Synchrony#demand}. */
    public void flush() throws IOException { disk.disk().flush(); }

    /** Whether a Sync source that catches up has room for a write now; one that comes without is taken, but costs another epoch. */
    public boolean hasRoom(int bytes) { return !throttling || lock.get(() -> ledger.lag().hasRoom(Math.min(bytes, RingBudget.PIECE_BYTES))); }

    /** From now on a write that finds no room waits a little; or no longer. */
    void throttle(boolean now) { throttling = now; }
}
