package io.dyad.cluster;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.HostSide;
import io.dyad.replication.HostSide.Admission;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.Synchrony;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A volume of this process: its blocks, its counters, who uses it, and the runner of its pair. Its files are opened when they are
 * first needed: by a host, a pair, a snapshot or a job.
 */
final class HostedVolume implements VolumeBlocks {
    final VolumeCounters counters = new VolumeCounters();
    volatile @Nullable PairRunner runner;
    private static final long THROTTLE_NS = 100_000_000L;
    private static final long REPAIR_NS = 5_000_000_000L;
    private final VolumeId id;
    private final Opener opener;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Opened opened;
    private volatile long sizeBytes;
    private volatile boolean suspended;
    /** What hosts may do by the volume's access alone; a pair's endpoint may hold them back while it drains. */
    private volatile Admission unpaired = Admission.NOTHING;
    private volatile boolean unpairable;
    private boolean closed;

    /** Opens the files of a volume. */
    interface Opener {
        ReplicatedVolume open() throws IOException;
    }

    private record Opened(ReplicatedVolume volume, HostSide host, Synchrony synchrony, Progress progress) {
        static Opened of(ReplicatedVolume volume, Set<Runnable> waiting) {
            return new Opened(volume, volume.host(), volume.synchrony(), new Progress(volume.synchrony(), waiting));
        }
    }

    HostedVolume(VolumeId id, Opener opener) {
        this.id = id;
        this.opener = opener;
    }

    VolumeId id() { return id; }

    /** The volume is at least so large, and serves hosts so, now if it is open and else from then on. */
    void host(long leastBytes, boolean closedForHosts, Admission admission) throws IOException {
        opening.lock();
        try {
            sizeBytes = leastBytes;
            suspended = closedForHosts;
            unpaired = admission;
            Opened now = opened;
            if (now != null) apply(now.volume);
        } finally {
            opening.unlock();
        }
    }

    private void apply(ReplicatedVolume volume) throws IOException {
        if (volume.sizeBytes() < sizeBytes) volume.grow(sizeBytes);
        volume.host().suspend(suspended);
        if (runner == null) volume.host().admit(withoutPair());
    }

    private Admission withoutPair() { return unpairable ? Admission.NOTHING : unpaired; }

    /** It is to have a pair and cannot: until it can, no host may write what the other end would never hear of. */
    void unpairable(boolean now) {
        unpairable = now;
        Opened here = opened;
        if (here != null && runner == null) here.host.admit(withoutPair());
    }

    /** Its pair is gone. */
    void alone() throws IOException {
        runner = null;
        volume().leave();
        volume().host().admit(withoutPair());
    }

    boolean isOpen() { return opened != null; }

    /** Opens it unless it is open. */
    ReplicatedVolume volume() throws IOException { return opened().volume; }

    private Opened opened() throws IOException {
        Opened now = opened;
        return now != null ? now : open();
    }

    private Opened open() throws IOException {
        opening.lock();
        try {
            if (closed) throw new IOException("volume " + id + " is closed");
            Opened now = opened;
            if (now != null) return now;
            ReplicatedVolume volume = opener.open();
            try {
                apply(volume);
            } catch (IOException | RuntimeException e) {
                volume.close();
                throw e;
            }
            volume.host().onAdmission(() -> watchers.forEach(Runnable::run));
            volume.onDamage(this::repair);
            return opened = Opened.of(volume, waiting);
        } finally {
            opening.unlock();
        }
    }

    /** Has the other end of the pair asked for a damaged block; whoever reads it waits, for a while. */
    private boolean repair(DamagedBlockException damaged) {
        PairRunner owner = runner;
        if (owner == null) return false;
        CountDownLatch answered = new CountDownLatch(1);
        owner.heal(damaged, answered::countDown);
        try {
            return answered.await(REPAIR_NS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void close() throws IOException {
        PairRunner r = runner;
        if (r != null) r.stop();
        opening.lock();
        try {
            closed = true;
            Opened now = opened;
            if (now != null) now.volume.close();
        } finally {
            opening.unlock();
        }
    }

    PairEndpoint.@Nullable Status status() {
        PairRunner r = runner;
        return r == null ? null : r.status();
    }

    @Override public long sizeBytes() {
        Opened now = opened;
        return now == null ? sizeBytes : now.volume.sizeBytes();
    }

    @Override public Admission admission() {
        Opened now = opened;
        if (now != null) return now.host.admission();
        return suspended ? Admission.NOTHING : withoutPair();
    }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        Opened now = opened();
        int length = into.remaining();
        long sinceNs = System.nanoTime();
        now.host.read(offsetBytes, into);
        counters.read(offsetBytes, length, sinceNs);
    }

    @Override public long submit(long offsetBytes, ByteBuffer from) throws IOException {
        Opened now = opened();
        int length = from.remaining();
        if (!now.host.hasRoom(length)) awaitRoom(now, length);
        long sinceNs = System.nanoTime();
        long number = now.host.submit(offsetBytes, from);
        counters.wrote(offsetBytes, length, sinceNs);
        now.volume.sample(System.nanoTime());
        return answer(now, number);
    }

    @Override public long submitZeroes(long offsetBytes, long lengthBytes) throws IOException {
        Opened now = opened();
        long sinceNs = System.nanoTime();
        long number = now.host.zero(offsetBytes, lengthBytes, false);
        counters.wrote(offsetBytes, lengthBytes, sinceNs);
        return answer(now, number);
    }

    private static void awaitRoom(Opened now, int length) {
        now.host.push();
        now.progress.await(() -> now.host.hasRoom(length), THROTTLE_NS);
    }

    @Override public void push() {
        Opened now = opened;
        if (now != null) now.host.push();                // what is not open was not written to
    }

    private static long answer(Opened now, long number) { return now.synchrony.acknowledged(number) ? ACKNOWLEDGED : number; }

    @Override public boolean decided(long number) {
        Opened now = opened;
        return now == null || now.synchrony.decided(number);
    }

    @Override public AutoCloseable onDecided(Runnable told) {
        waiting.add(told);
        return () -> waiting.remove(told);
    }

    @Override public long acknowledged(long number) throws IOException {
        Opened now = opened();
        now.progress.await(() -> now.synchrony.acknowledged(number));
        return now.synchrony.acknowledgedUpTo();
    }

    /** Both disks at once; the target's is asked first. */
    @Override public void flush() throws IOException {
        Opened now = opened();
        long number = now.synchrony.demand();
        if (number > 0) now.volume.wake();
        now.volume.flush();
        if (number > 0) now.progress.await(() -> now.synchrony.durable(number));
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException { return volume().extentAt(offsetBytes, endBytes); }

    @Override public AutoCloseable onAccessChange(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }
}
