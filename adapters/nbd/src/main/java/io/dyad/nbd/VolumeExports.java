package io.dyad.nbd;

import io.dyad.cluster.BlockView;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.SnapshotInfo;
import io.dyad.cluster.VolumeBlocks;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.RefusedException;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks.Extent;
import io.dyad.replication.HostSide.Admission;
import io.dyad.replication.NotWritableException;
import io.dyad.replication.StoreFullException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The volumes of a cluster as exports, each under its number: {@code nbd://HOST:PORT/12}. What hosts may do follows the volume's
 * access. Read-only beside it, whatever the access: {@code 12@now}, the volume as it is when the session begins, of a target its
 * last consistent point, while replication goes on; and {@code 12@34}, its snapshot 34.
 */
public final class VolumeExports implements Exports {
    private static final String AT = "@";
    private static final String NOW = AT + "now";
    private final Cluster cluster;

    public VolumeExports(Cluster cluster) { this.cluster = cluster; }

    @Override public List<String> names() {
        List<VolumeId> active = cluster.volumes().stream().filter(v -> v.deletedAt().isEmpty()).map(v -> v.volume().id()).toList();
        List<String> names = new ArrayList<>();
        active.stream().filter(id -> cluster.open(id).admission() != Admission.NOTHING).forEach(id -> names.add(id.toString()));
        active.stream().filter(cluster.snapshots()::hasPoint).forEach(id -> names.add(id + NOW));
        cluster.snapshots().all().stream().map(SnapshotInfo::snapshot).filter(s -> s.phase() == Phase.DONE && active.contains(s.volume()))
            .forEach(s -> names.add(s.volume() + AT + s.id()));
        return names;
    }

    @Override public Export open(String name) throws NoSuchExportException, ExportRefusedException {
        int at = name.indexOf(AT);
        if (at >= 0) return new ViewExport(view(find(name.substring(0, at)).volume().id(), name.substring(at)));
        VolumeInfo info = find(name);
        VolumeBlocks blocks = cluster.open(info.volume().id());
        Admission admission = blocks.admission();
        if (admission == Admission.NOTHING)
            throw new ExportRefusedException("volume " + name + " has access " + info.volume().access().wire() + " and serves no host");
        return new Session(blocks, admission, info.volume().enable512e() ? 512 : 4096);
    }

    private BlockView view(VolumeId volume, String which) throws NoSuchExportException, ExportRefusedException {
        try {
            return which.equals(NOW) ? cluster.snapshots().now(volume) : cluster.snapshots().open(snapshot(volume, which.substring(AT.length())));
        } catch (NotWritableException | FileNotFoundException e) {
            throw new ExportRefusedException(String.valueOf(e.getMessage()));
        } catch (IOException | RefusedException e) {
            throw new ExportRefusedException("volume " + volume + " cannot be shown as it was: " + e.getMessage());
        }
    }

    private SnapshotId snapshot(VolumeId volume, String number) throws NoSuchExportException {
        return cluster.snapshots().all().stream().map(SnapshotInfo::snapshot).filter(s -> s.volume().equals(volume) && s.id().toString().equals(number)).map(Snapshot::id)
            .findFirst().orElseThrow(() -> new NoSuchExportException("volume " + volume + " has no snapshot " + number));
    }

    private VolumeInfo find(String name) throws NoSuchExportException {
        try {
            return cluster.volume(new VolumeId(Long.parseLong(name))).filter(v -> v.deletedAt().isEmpty()).orElseThrow(() -> new NoSuchExportException("no volume " + name));
        } catch (IllegalArgumentException | RefusedException e) {
            throw new NoSuchExportException("no volume " + name);
        }
    }

    /** One host's session; it ends when the admission is no longer what it was. */
    private static final class Session implements Export {
        private final VolumeBlocks blocks;
        private final Admission admission;
        private final int minimumBlockBytes;
        private final long sizeBytes;
        private final AtomicBoolean revoked = new AtomicBoolean();
        private final List<AutoCloseable> watches = new ArrayList<>();
        private volatile Runnable drop = () -> { };

        Session(VolumeBlocks blocks, Admission admission, int minimumBlockBytes) {
            this.blocks = blocks;
            this.admission = admission;
            this.minimumBlockBytes = minimumBlockBytes;
            this.sizeBytes = blocks.sizeBytes();
            watches.add(blocks.onAccessChange(this::recheck));
            recheck();
        }

        private void recheck() {
            if (blocks.admission() != admission && revoked.compareAndSet(false, true)) drop.run();
        }

        @Override public void onRevoked(Runnable whenRevoked) {
            drop = whenRevoked;
            if (revoked.get()) whenRevoked.run();
        }

        @Override public long sizeBytes() { return sizeBytes; }

        @Override public int minimumBlockBytes() { return minimumBlockBytes; }

        @Override public boolean readOnly() { return admission != Admission.WRITE; }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
            told(() -> {
                blocks.read(offsetBytes, into);
                return ACKNOWLEDGED;
            });
        }

        @Override public long write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException {
            if (!durable) return told(() -> blocks.submit(offsetBytes, from));
            return told(() -> {
                blocks.write(offsetBytes, from, true);
                return ACKNOWLEDGED;
            });
        }

        @Override public long zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException {
            if (!durable) return told(() -> blocks.submitZeroes(offsetBytes, lengthBytes));
            return told(() -> {
                blocks.zero(offsetBytes, lengthBytes, true);
                return ACKNOWLEDGED;
            });
        }

        @Override public void push() { blocks.push(); }

        @Override public boolean decided(long number) { return blocks.decided(number); }

        @Override public void onDecided(Runnable told) { watches.add(blocks.onDecided(told)); }

        @Override public long acknowledged(long number) throws IOException { return blocks.acknowledged(number); }

        @Override public void flush() throws IOException { blocks.flush(); }

        @Override public Status statusAt(long offsetBytes, long endBytes) throws IOException {
            Extent run = blocks.extentAt(offsetBytes - offsetBytes % 4096, endBytes);
            return new Status(run.endBytes() - offsetBytes, run.allocated());
        }

        @Override public void close() {
            try {
                for (AutoCloseable watch : watches) watch.close();
            } catch (Exception e) {
                throw new IllegalStateException("a watch did not let go", e);
            }
        }

        private interface Work {
            long run() throws IOException;
        }

        /** In the words of the protocol. */
        private static long told(Work work) throws IOException {
            try {
                return work.run();
            } catch (NotWritableException e) {
                throw new NbdException(NbdError.EPERM, String.valueOf(e.getMessage()));
            } catch (StoreFullException e) {
                throw new NbdException(NbdError.ENOSPC, String.valueOf(e.getMessage()));
            }
        }
    }
}
