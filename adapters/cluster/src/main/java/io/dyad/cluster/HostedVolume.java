package io.dyad.cluster;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.ReplicatedVolume.Admission;
import io.dyad.replication.Synchrony;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A volume of this process: its blocks, its counters, who has it open, and the runner of its pair. */
final class HostedVolume implements VolumeBlocks {
    final ReplicatedVolume volume;
    final VolumeCounters counters = new VolumeCounters();
    volatile @Nullable PairRunner runner;
    /** What hosts may do by the volume's access alone; a pair's endpoint may hold them back while it drains. */
    volatile Admission unpaired = Admission.NOTHING;
    private static final long THROTTLE_NS = 100_000_000L;
    private static final long REPAIR_NS = 5_000_000_000L;
    private final Synchrony synchrony;
    private final Progress progress;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();

    HostedVolume(ReplicatedVolume volume) {
        this.volume = volume;
        this.synchrony = volume.synchrony();
        this.progress = new Progress(synchrony);
        volume.onAdmission(() -> watchers.forEach(Runnable::run));
        volume.onDamage(this::repair);
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

    VolumeId id() { return volume.id(); }

    PairEndpoint.@Nullable Status status() {
        PairRunner r = runner;
        return r == null ? null : r.status();
    }

    @Override public long sizeBytes() { return volume.sizeBytes(); }

    @Override public Admission admission() { return volume.admission(); }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        int length = into.remaining();
        long sinceNs = System.nanoTime();
        volume.read(offsetBytes, into);
        counters.read(offsetBytes, length, sinceNs);
    }

    @Override public long submit(long offsetBytes, ByteBuffer from) throws IOException {
        int length = from.remaining();
        if (!volume.hasRoom(length)) progress.await(() -> volume.hasRoom(length), THROTTLE_NS);
        long sinceNs = System.nanoTime();
        long number = volume.write(offsetBytes, from, false);
        counters.wrote(offsetBytes, length, sinceNs);
        volume.sample(System.nanoTime());
        return answer(number);
    }

    @Override public long submitZeroes(long offsetBytes, long lengthBytes) throws IOException {
        long sinceNs = System.nanoTime();
        long number = volume.zero(offsetBytes, lengthBytes, false);
        counters.wrote(offsetBytes, lengthBytes, sinceNs);
        return answer(number);
    }

    private long answer(long number) { return synchrony.acknowledged(number) ? ACKNOWLEDGED : number; }

    @Override public long acknowledged(long number) throws IOException {
        progress.await(() -> synchrony.acknowledged(number));
        return synchrony.acknowledgedUpTo();
    }

    /** Both disks at once; the target's is asked first. */
    @Override public void flush() throws IOException {
        long number = synchrony.demand();
        if (number > 0) volume.wake();
        volume.flush();
        if (number > 0) progress.await(() -> synchrony.durable(number));
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException { return volume.extentAt(offsetBytes, endBytes); }

    @Override public AutoCloseable onAccessChange(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }
}
