package io.dyad.domain;

import io.dyad.domain.AccountCommand.AddAccount;
import io.dyad.domain.AccountCommand.ModifyAccount;
import io.dyad.domain.AccountCommand.RemoveAccount;
import io.dyad.domain.AccountEvent.AccountAdded;
import io.dyad.domain.AccountEvent.AccountLocked;
import io.dyad.domain.AccountEvent.AccountRemoved;
import io.dyad.domain.AccountEvent.ChapChanged;
import io.dyad.domain.AdminCommand.AddAdmin;
import io.dyad.domain.AdminCommand.ChangePassword;
import io.dyad.domain.AdminCommand.ModifyAdmin;
import io.dyad.domain.AdminCommand.RemoveAdmin;
import io.dyad.domain.AdminEvent.AdminAdded;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The samples of each aggregate, and the names that tests share. */
final class Samples {
    static final UUID THIS_KEY = new UUID(1, 1);
    static final UUID OTHER_KEY = new UUID(2, 2);
    static final ClusterPairId PAIR = new ClusterPairId(1);
    static final VolumeId VOLUME = new VolumeId(7);
    static final VolumeId OTHER_VOLUME = new VolumeId(8);
    static final AccountId ACCOUNT = new AccountId(1);
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final long SIZE_BYTES = 2L << 30;
    static final PeerCluster PEER = new PeerCluster(new UUID(3, 3), "bgn0", "DR", "127.0.0.2", "127.0.0.2:4444", "12.5.0.897", 61);
    static final PeerCluster STRANGER = new PeerCluster(new UUID(4, 4), "xsm6", "Lab", "127.0.0.3", "127.0.0.3:4444", "12.5.0.897", 1);
    static final PeerVolume PEER_VOLUME = new PeerVolume(10, "copy", Access.REPLICATION_TARGET, SIZE_BYTES, false, false);

    private static final Map<Aggregate, SampleSet> BUILT = new ConcurrentHashMap<>();

    private Samples() { }

    static SampleSet of(Aggregate aggregate) { return BUILT.computeIfAbsent(aggregate, Samples::build); }

    private static SampleSet build(Aggregate aggregate) {
        return switch (aggregate) {
            case CLUSTER      -> ClusterSamples.all();
            case CLUSTER_PAIR -> ClusterPairSamples.all();
            case VOLUME       -> VolumeSamples.all();
            case VOLUME_PAIR  -> VolumePairSamples.all();
            case SNAPSHOTS    -> SnapshotSamples.all();
            case JOB          -> JobSamples.all();
            case ACCOUNT      -> accounts();
            case ADMIN        -> admins();
            case ACCESS_GROUPS -> AccessGroupsSamples.all();
            case FAULTS       -> FaultsRulesTest.samples();
        };
    }

    static Stream<SampleSet> each() { return Stream.of(Aggregate.values()).map(Samples::of); }

    static String letters(int count) { return "n".repeat(count); }

    static Volume volume(String name, long sizeBytes) {
        return new Volume(VOLUME, new UUID(7, 7), ACCOUNT, name, sizeBytes, Access.READ_WRITE, true, Volume.Qos.DEFAULT, Map.of(), NOON);
    }

    private static SampleSet accounts() {
        Event added = new AccountAdded(ACCOUNT, "ann", Map.of());
        return new SampleSet(Aggregate.ACCOUNT, AccountState.class, AccountCommand.class)
            .past("", List.of())
            .past("open", added)
            .past("locked, without CHAP", added, new AccountLocked(ACCOUNT), new ChapChanged(ACCOUNT, false))
            .past("", added, new AccountRemoved(ACCOUNT))
            .ask("", new AddAccount(ACCOUNT, "ann", Map.of()))
            .ask("nothing", new ModifyAccount(ACCOUNT, Optional.empty(), Optional.empty(), Optional.empty()))
            .ask("locking", new ModifyAccount(ACCOUNT, Optional.of(true), Optional.empty(), Optional.empty()))
            .ask("unlocking", new ModifyAccount(ACCOUNT, Optional.of(false), Optional.empty(), Optional.empty()))
            .ask("other attributes", new ModifyAccount(ACCOUNT, Optional.empty(), Optional.of(Map.of("a", 1)), Optional.empty()))
            .ask("without CHAP", new ModifyAccount(ACCOUNT, Optional.empty(), Optional.empty(), Optional.of(false)))
            .ask("", new RemoveAccount(ACCOUNT));
    }

    private static SampleSet admins() {
        return new SampleSet(Aggregate.ADMIN, AdminState.class, AdminCommand.class)
            .past("", List.of())
            .past("", new AdminAdded("root", Set.of("administrator")))
            .ask("name of 64 characters", new AddAdmin(letters(64), Set.of("reporting")))
            .ask("no name", new AddAdmin("", Set.of("reporting")))
            .ask("name of 65 characters", new AddAdmin(letters(65), Set.of("reporting")))
            .ask("", new ChangePassword("root"))
            .ask("nothing", new ModifyAdmin("root", Optional.empty(), Optional.empty()))
            .ask("other access", new ModifyAdmin("root", Optional.of(Set.of("read")), Optional.empty()))
            .ask("other attributes", new ModifyAdmin("root", Optional.empty(), Optional.of(Map.of("a", 1))))
            .ask("", new RemoveAdmin("root"));
    }
}
