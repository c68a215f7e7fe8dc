package io.dyad.domain;

import static io.dyad.domain.Samples.letters;

import io.dyad.domain.ClusterCommand.FormCluster;
import io.dyad.domain.ClusterCommand.ReleaseAccount;
import io.dyad.domain.ClusterCommand.ReleaseAdmin;
import io.dyad.domain.ClusterCommand.ReleaseClusterPair;
import io.dyad.domain.ClusterCommand.ReleaseVolume;
import io.dyad.domain.ClusterCommand.RenameAccount;
import io.dyad.domain.ClusterCommand.RenameCluster;
import io.dyad.domain.ClusterCommand.ReserveAccount;
import io.dyad.domain.ClusterCommand.ReserveAdmin;
import io.dyad.domain.ClusterCommand.ReserveClusterPair;
import io.dyad.domain.ClusterCommand.ReserveVolume;
import io.dyad.domain.ClusterCommand.TakeNumbers;
import io.dyad.domain.ClusterCommand.TransferVolume;
import io.dyad.domain.ClusterEvent.AccountReserved;
import io.dyad.domain.ClusterEvent.AdminReserved;
import io.dyad.domain.ClusterEvent.ClusterFormed;
import io.dyad.domain.ClusterEvent.ClusterPairReserved;
import io.dyad.domain.ClusterEvent.VolumeReserved;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

/** Samples of the cluster itself: account 1 is ann's, account 2 is bob's. */
final class ClusterSamples {
    static final UUID UUID_OF_CLUSTER = new UUID(9, 9);
    static final AccountId ANN = new AccountId(1);
    static final AccountId BOB = new AccountId(2);
    static final AdminId ROOT = new AdminId(1);
    static final Event FORMED = new ClusterFormed(UUID_OF_CLUSTER, "a1b2", "Here");

    private ClusterSamples() { }

    static SampleSet all() {
        return new SampleSet(Aggregate.CLUSTER, ClusterState.class, ClusterCommand.class)
            .past("", List.of())
            .past("room for all", inUse(1, 1, 0))
            .past("four pairs", inUse(4, 1, 0))
            .past("2000 volumes of account 1", inUse(1, 2000, 0))
            .past("4000 volumes", inUse(1, 1999, 2001))
            .past("no volumes", inUse(1, 0, 0))
            .past("full of people", crowded())
            .ask("uniqueID of 4 characters", new FormCluster(UUID_OF_CLUSTER, "a1b2", "Here"))
            .ask("uniqueID of 5 characters", new FormCluster(UUID_OF_CLUSTER, "a1b2c", "Here"))
            .ask("no name", new FormCluster(UUID_OF_CLUSTER, "a1b2", ""))
            .ask("new name", new RenameCluster("There"))
            .ask("same name", new RenameCluster("Here"))
            .ask("no name", new RenameCluster(""))
            .ask("name of 65 characters", new RenameCluster(letters(65)))
            .ask("", new ReserveClusterPair())
            .ask("reserved", new ReleaseClusterPair(new ClusterPairId(1)))
            .ask("not reserved", new ReleaseClusterPair(new ClusterPairId(5)))
            .ask("new name", new ReserveAccount("eve"))
            .ask("taken name", new ReserveAccount("ann"))
            .ask("no name", new ReserveAccount(""))
            .ask("name of 65 characters", new ReserveAccount(letters(65)))
            .ask("reserved", new ReleaseAccount(ANN))
            .ask("not reserved", new ReleaseAccount(new AccountId(3)))
            .ask("new name", new RenameAccount(ANN, "eve"))
            .ask("same name", new RenameAccount(ANN, "ann"))
            .ask("taken name", new RenameAccount(ANN, "bob"))
            .ask("no name", new RenameAccount(ANN, ""))
            .ask("no such account", new RenameAccount(new AccountId(3), "eve"))
            .ask("new name", new ReserveAdmin("eve"))
            .ask("taken name", new ReserveAdmin("root"))
            .ask("no name", new ReserveAdmin(""))
            .ask("reserved", new ReleaseAdmin(ROOT))
            .ask("not reserved", new ReleaseAdmin(new AdminId(5000)))
            .ask("for account 1", new ReserveVolume(ANN))
            .ask("for account 2", new ReserveVolume(BOB))
            .ask("for no such account", new ReserveVolume(new AccountId(3)))
            .ask("to account 1", new TransferVolume(new VolumeId(2000), ANN))
            .ask("to account 2", new TransferVolume(new VolumeId(1), BOB))
            .ask("to no such account", new TransferVolume(new VolumeId(1), new AccountId(3)))
            .ask("of no such volume", new TransferVolume(new VolumeId(5000), BOB))
            .ask("reserved", new ReleaseVolume(new VolumeId(1)))
            .ask("not reserved", new ReleaseVolume(new VolumeId(5000)))
            .ask("", new TakeNumbers(Numbered.SNAPSHOT, 2));
    }

    /** A formed cluster with as many pairs, and volumes of ann and of bob. */
    static List<Event> inUse(int pairs, int ofAnn, int ofBob) {
        List<Event> past = new ArrayList<>(List.of(FORMED, new AccountReserved(ANN, "ann"), new AccountReserved(BOB, "bob"),
            new AdminReserved(ROOT, "root")));
        LongStream.rangeClosed(1, pairs).forEach(n -> past.add(new ClusterPairReserved(new ClusterPairId(n))));
        LongStream.rangeClosed(1, ofAnn + ofBob).forEach(n -> past.add(new VolumeReserved(new VolumeId(n), n <= ofAnn ? ANN : BOB)));
        return past;
    }

    /** As many accounts and admins as there may be. */
    static List<Event> crowded() {
        List<Event> past = inUse(1, 0, 0);
        LongStream.rangeClosed(3, ClusterDecider.MAX_ACCOUNTS).forEach(n -> past.add(new AccountReserved(new AccountId(n), "account" + n)));
        LongStream.rangeClosed(2, ClusterDecider.MAX_ADMINS).forEach(n -> past.add(new AdminReserved(new AdminId(n), "admin" + n)));
        return past;
    }
}
