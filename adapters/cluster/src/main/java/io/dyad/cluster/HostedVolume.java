package io.dyad.cluster;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.ReplicatedVolume.Admission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A volume of this process: its blocks, its counters, who has it open, and the runner of its pair. */
final class HostedVolume implements VolumeBlocks {
    final ReplicatedVolume volume;
    final LongAdder readOps = new LongAdder();
    final LongAdder readBytes = new LongAdder();
    final LongAdder writeOps = new LongAdder();
    final LongAdder writeBytes = new LongAdder();
    volatile @Nullable PairRunner runner;
    /** What hosts may do by the volume's access alone; a pair's endpoint may hold them back while it drains. */
    volatile Admission unpaired = Admission.NOTHING;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();

    HostedVolume(ReplicatedVolume volume) {
        this.volume = volume;
        volume.onAdmission(() -> watchers.forEach(Runnable::run));
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
        volume.read(offsetBytes, into);
        readOps.increment();
        readBytes.add(length);
    }

    @Override public void write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException {
        int length = from.remaining();
        volume.write(offsetBytes, from, durable);
        writeOps.increment();
        writeBytes.add(length);
    }

    @Override public void zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException {
        volume.zero(offsetBytes, lengthBytes, durable);
        writeOps.increment();
    }

    @Override public void flush() throws IOException { volume.flush(); }

    @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException { return volume.extentAt(offsetBytes, endBytes); }

    @Override public AutoCloseable onAccessChange(Runnable changed) {
        watchers.add(changed);
        return () -> watchers.remove(changed);
    }
}
