package io.dyad.jsonrpc;

import static io.dyad.jsonrpc.GivenState.CAUSE;
import static io.dyad.jsonrpc.GivenState.JSON;
import static io.dyad.jsonrpc.GivenState.until;

import io.dyad.cluster.Admins.NewAdmin;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewClone;
import io.dyad.cluster.NewVolume;
import io.dyad.domain.Access;
import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.AccountId;
import io.dyad.domain.Fault;
import io.dyad.domain.FaultCode;
import io.dyad.domain.Mode;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.VolumeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** The states beside those of a pair's own life: the other cluster gone, work under way, people and access groups, everything full. */
record GivenMore(GivenState state) {
    private static final Terms REPLICATED = new Terms("nightly", true, Optional.empty(), Optional.empty(), Map.of());
    private static final String INITIATOR = "iqn.1993-08.org.debian:01:a";

    void arrange(String given) {
        switch (given) {
            case "offered by one gone" -> {
                state.start(there());
                there().close();
            }
            case "pair removed there" -> removedThere();
            case "volume waiting and another offered" -> {
                state.paired().volume(Access.READ_WRITE).offerVolume();
                here().startVolumePairing(state.own(), Mode.ASYNC, CAUSE);
            }
            case "volume offered by one gone" -> {
                state.paired().volume(Access.REPLICATION_TARGET).offerVolume();
                there().close();
            }
            case "deleted volume" -> here().deleteVolume(state.volume(Access.READ_WRITE).own(), CAUSE);
            case "many ids" -> manyIds();
            case "account full of volumes" -> fullAccount();
            case "snapshot under way" -> underWay();
            case "volume being copied" -> copied();
            case "two clones running" -> twoClones();
            case "group snapshot of one of two" -> state.volume(Access.READ_WRITE).other().groupOf(List.of(state.own()));
            case "access group" -> accessGroup();
            case "volume in 64 groups" -> groups();
            case "accounts" -> {
                value("accountID", here().addAccount("shop", CAUSE).id().value());
                value("otherAccountID", here().addAccount("other", CAUSE).id().value());
            }
            case "full of accounts" -> many(5000, i -> here().addAccount("account " + i, CAUSE));
            case "admins" -> {
                value("ownAdminID", here().admins().all().getFirst().id().value());
                value("clusterAdminID", admin("watcher"));
            }
            case "full of admins" -> many(4999, i -> admin("admin " + i));
            default -> throw new IllegalArgumentException("nobody knows how to arrange " + given);
        }
    }

    private Cluster here() { return state.here(); }

    private Cluster there() { return state.there(); }

    private void value(String name, long number) { state.values().put(name, JSON.numberNode(number)); }

    private void removedThere() {
        state.paired();
        there().removeClusterPair(there().clusterPairs().getFirst().id(), CAUSE);
        if (here() instanceof FakeCluster fake) fake.history.standing = new Fault(1, FaultCode.DISCONNECTED_CLUSTER_PAIR, "cluster-pair/1", "Cluster pair 1 is Misconfigured", Instant.EPOCH);
        until(() -> !here().history().faults().isEmpty());
    }

    private void manyIds() {
        var ids = JSON.arrayNode();
        for (int i = 1; i <= 501; i++) ids.add(i);
        state.values().put("manyVolumeIDs", ids);
    }

    private void fullAccount() {
        state.volume(Access.READ_WRITE);
        AccountId full = here().addAccount("full", CAUSE).id();
        many(2000, i -> here().createVolume(NewVolume.of("v" + i, full, 1_000_000_000L), CAUSE));
        value("accountID", full.value());
    }

    private void underWay() {
        state.volumesPaired();
        here().modifyVolumePair(state.own(), Optional.of(true), Optional.empty(), CAUSE);
        until(() -> here().volume(state.own()).orElseThrow().pair().orElseThrow().state().equals("PausedManual"));
        here().snapshots().take(state.own(), REPLICATED, false, CAUSE);
        until(() -> here().snapshots().all().getFirst().remote().filter(r -> Set.of("Not Present", "Syncing").contains(r.status())).isPresent());
    }

    private void copied() {
        state.volume(Access.READ_WRITE).other().group();
        state.makeLasting(state.otherOwn());
        here().jobs().copy(state.otherOwn(), Optional.empty(), state.own(), CAUSE);
    }

    private void twoClones() {
        state.volume(Access.READ_WRITE).makeLasting(state.own());
        for (int i = 0; i < 2; i++) here().jobs().clone(List.of(NewClone.of(state.own(), "clone " + i)), CAUSE);
    }

    private void accessGroup() {
        state.volume(Access.READ_WRITE).other();
        value("volumeAccessGroupID", group("hosts", List.of(INITIATOR), List.of(state.own())));
        value("otherVolumeAccessGroupID", group("others", List.of(), List.of()));
    }

    private void groups() {
        state.volume(Access.READ_WRITE);
        for (int i = 0; i < 64; i++) group("group " + i, List.of(), List.of(state.own()));
        value("volumeAccessGroupID", group("one more", List.of(), List.of()));
    }

    private long group(String name, List<String> initiators, List<VolumeId> volumes) {
        return here().accessGroups().create(new CreateGroup(name, initiators, volumes, Map.of()), CAUSE).value();
    }

    private long admin(String name) { return here().admins().add(new NewAdmin(name, Set.of("reporting"), Map.of()), "a password".toCharArray(), CAUSE).value(); }

    /** A real cluster syncs what many do at once together; one of the mind takes one after the other. */
    private void many(int count, IntConsumer each) {
        try (var threads = Executors.newFixedThreadPool(here() instanceof FakeCluster ? 1 : 32)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(threads.submit(() -> each.accept(number)));
            }
            for (Future<?> one : all) one.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
