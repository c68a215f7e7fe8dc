package io.dyad.replication.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.Command;
import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog;
import io.dyad.domain.Volume;
import io.dyad.domain.VolumeCommand.ModifyVolume;
import io.dyad.domain.VolumeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterNodeTest {
    private static final EventLog.Cause TEST = new EventLog.Cause("test", "test");
    private final Log log = new Log();
    private final View view = log.view;
    private final ClusterNode node = log.node();

    private VolumeId volume(String name) {
        return node.createVolume(id -> new Volume(id, UUID.randomUUID(), owner, name, 1_000_000_000L, Access.READ_WRITE, false, Volume.Qos.DEFAULT, Map.of(), Instant.EPOCH), TEST);
    }

    private final AccountId owner = formed();

    private AccountId formed() {
        node.form("east", "abcd");
        return node.people().addAccount("shop", Map.of(), TEST);
    }

    private static ModifyVolume locked(VolumeId id) { return new ModifyVolume(id, Optional.of(Access.LOCKED), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()); }

    @Test void changes_of_two_volumes_wait_in_the_log_together() throws Exception {
        VolumeId one = volume("one");
        VolumeId two = volume("two");
        log.meeting = Optional.of(new CountDownLatch(2));
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            Future<?> first = callers.submit(() -> node.modifyVolume(locked(one), TEST));
            Future<?> second = callers.submit(() -> node.modifyVolume(locked(two), TEST));
            first.get(30, TimeUnit.SECONDS);
            second.get(30, TimeUnit.SECONDS);
        }
        assertThat(view.volumes().values()).allSatisfy(v -> assertThat(v.toString()).contains("LOCKED"));
    }

    @Test void a_change_of_several_volumes_waits_for_nobody_and_lets_nobody_between() throws Exception {
        VolumeId one = volume("one");
        VolumeId two = volume("two");
        var first = new CountDownLatch(1);
        var between = new CountDownLatch(1);
        log.afterFirst = Optional.of(() -> {
            first.countDown();
            try {
                assertThat(between.await(200, TimeUnit.MILLISECONDS)).as("another change came between").isFalse();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            Future<?> single = callers.submit(() -> {
                first.await();
                node.deleteVolume(two, TEST);
                between.countDown();
                return true;
            });
            node.modifyVolumes(List.of(locked(one), locked(two)), TEST);
            single.get(30, TimeUnit.SECONDS);
        }
        assertThat(log.told).endsWith("VolumeAccessChanged", "VolumeAccessChanged", "VolumeDeleted");
    }

    /** A command on a volume may have to meet another there first. */
    private static final class Log extends MemoryLog {
        volatile Optional<CountDownLatch> meeting = Optional.empty();
        volatile Optional<Runnable> afterFirst = Optional.empty();

        @Override public Decision<Event> execute(Command command, Cause cause) {
            meeting.ifPresent(latch -> {
                latch.countDown();
                try {
                    if (!latch.await(10, TimeUnit.SECONDS)) throw new IllegalStateException("nobody else came to the log");
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Decision<Event> decision = super.execute(command, cause);
            if (command instanceof ModifyVolume) {
                Optional<Runnable> next = afterFirst;
                afterFirst = Optional.empty();
                next.ifPresent(Runnable::run);
            }
            return decision;
        }
    }
}
