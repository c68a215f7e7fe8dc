package io.dyad.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.Milestone;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.HostSide;
import io.dyad.replication.Journal;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import io.dyad.replication.PairListener;
import io.dyad.replication.ReplicatedVolume;
import io.dyad.replication.RingBudget;
import io.dyad.replication.Shared;
import io.dyad.replication.SnapshotPlan;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.Terms;
import io.dyad.replication.Wish;
import io.dyad.replication.pairing.Hosting.Wanted;
import io.dyad.volumefiles.FileVolumeStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** Two ends with their threads, a pipe in memory between them, and a target whose disk takes as long as it likes to force its journal. */
class PairRunnerTest {
    private static final UUID PAIR = new UUID(0, 7);
    @TempDir Path dir;
    private volatile CountDownLatch disk = new CountDownLatch(0);
    private final CountDownLatch waiting = new CountDownLatch(1);
    private @Nullable End source;
    private @Nullable End target;

    @AfterEach void stop() throws IOException {
        disk.countDown();
        for (End end : new End[] {source, target}) if (end != null) end.close();
    }

    @Test void a_target_receives_while_its_disk_makes_durable_what_came_before() throws Exception {
        End to = target = new End(2, Access.REPLICATION_TARGET, Role.TARGET, false);
        End from = source = new End(1, Access.READ_WRITE, Role.SOURCE, true);
        TwoClusters.await("in synchrony", () -> from.flow() == Flow.ACTIVE && from.volume.host().admission() == HostSide.Admission.WRITE);
        CountDownLatch held = disk = new CountDownLatch(1);
        long first = from.write(1);
        assertThat(waiting.await(10, TimeUnit.SECONDS)).as("the target makes it durable").isTrue();
        for (int i = 2; i < 50; i++) {
            long number = from.write(i);
            TwoClusters.await("write " + number + " is received", () -> from.volume.synchrony().acknowledged(number));
        }
        assertThat(from.volume.synchrony().durable(first)).as("durable before the disk has said so").isFalse();
        held.countDown();
        long last = from.write(50);
        TwoClusters.await("all is durable", () -> from.volume.synchrony().durable(last));
        assertThat(to.volume.dirtyBlocks()).isZero();
    }

    private final class End implements PairListener {
        final ReplicatedVolume volume;
        private final PairRunner runner;

        End(long number, Access access, Role role, boolean dials) throws IOException {
            StoredVolume stored = FileVolumeStore.open(dir.resolve("end-" + number)).create(new VolumeId(number), 64 << 20);
            volume = ReplicatedVolume.open(new VolumeId(number), role == Role.TARGET ? slow(stored) : stored, new Shared(new RingBudget(8 << 20)));
            PairEndpoint endpoint = new PairEndpoint(volume, PAIR, access, this, UUID::randomUUID);
            Wish wish = new Wish(access, role, false, "test", Mode.SYNC, Terms.DEFAULT, SnapshotPlan.NONE);
            runner = new PairRunner(endpoint, new Wanted(PAIR, PAIR, dials, wish), (wanted, ear) -> dial(ear), () -> { });
        }

        Flow flow() { return runner.status().flow(); }

        long write(int block) throws IOException { return volume.host().write(4096L * block, ByteBuffer.allocate(4096).put(0, (byte) block), false); }

        void close() throws IOException {
            runner.stop();
            volume.close();
        }

        @Override public void milestone(Milestone milestone, String detail) { }

        @Override public void resynced(String reason, long blocks, long payloadBytes, long digestBytes, long tookNs) { }

        @Override public void snapshotShipped(UUID snapshot) { }

        @Override public void snapshotArrived(UUID snapshot) { }

        @Override public void snapshotKept(UUID snapshot, long blocks, Optional<UUID> gone) { }

        @Override public void failed(String what, Exception cause) { }
    }

    private StoredVolume slow(StoredVolume real) {
        Journal journal = (Journal) with(real.journal(), Journal.class, "force", () -> {
            if (disk.getCount() > 0) waiting.countDown();
            disk.await();
            real.journal().force();
            return null;
        });
        return (StoredVolume) with(real, StoredVolume.class, "journal", () -> journal);
    }

    private interface Answer {
        @Nullable Object get() throws Exception;
    }

    private static Object with(Object real, Class<?> face, String method, Answer instead) {
        return Proxy.newProxyInstance(face.getClassLoader(), new Class<?>[] {face}, (proxy, called, args) -> {
            if (called.getName().equals(method)) return instead.get();
            try {
                return called.invoke(real, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private FramePipe dial(FramePipe.Receiver ear) throws LinkDownException {
        End to = target;
        if (to == null) throw new LinkDownException("nobody is there");
        Half there = new Half(ear);
        Half here = new Half(to.runner.accept(there));
        there.other = here;
        here.other = there;
        return here;
    }

    /** What is sent here comes in at {@code ear}, in a thread of its own. */
    private static final class Half implements FramePipe {
        private final FramePipe.Receiver ear;
        private final ExecutorService reader = Executors.newSingleThreadExecutor();
        volatile @Nullable Half other;

        Half(FramePipe.Receiver ear) { this.ear = ear; }

        @Override public void send(Frame frame) throws LinkDownException {
            ByteBuffer bytes = ByteBuffer.allocate(frame.payload().remaining()).put(frame.payload().duplicate()).flip();
            try {
                reader.execute(() -> ear.frame(new Frame(frame.type(), frame.number(), frame.offsetBytes(), frame.lengthBytes(), bytes, () -> { })));
            } catch (RejectedExecutionException closed) {
                throw new LinkDownException("closed");
            }
        }

        @Override public void close() {
            end();
            Half back = other;
            if (back != null) back.end();
        }

        private synchronized void end() {
            if (reader.isShutdown()) return;
            reader.execute(() -> ear.closed("closed"));
            reader.shutdown();
        }
    }
}
