package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;

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
import io.dyad.domain.ClusterEvent.AccountReleased;
import io.dyad.domain.ClusterEvent.AccountRenamed;
import io.dyad.domain.ClusterEvent.AccountReserved;
import io.dyad.domain.ClusterEvent.AdminReleased;
import io.dyad.domain.ClusterEvent.AdminReserved;
import io.dyad.domain.ClusterEvent.ClusterFormed;
import io.dyad.domain.ClusterEvent.ClusterPairReleased;
import io.dyad.domain.ClusterEvent.ClusterPairReserved;
import io.dyad.domain.ClusterEvent.ClusterRenamed;
import io.dyad.domain.ClusterEvent.NumbersTaken;
import io.dyad.domain.ClusterEvent.VolumeReleased;
import io.dyad.domain.ClusterEvent.VolumeReserved;
import io.dyad.domain.ClusterEvent.VolumeTransferred;
import io.dyad.domain.ClusterState.Counters;
import io.dyad.domain.ClusterState.Formed;
import io.dyad.domain.ClusterState.Identity;
import io.dyad.domain.ClusterState.Unformed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The rules of the cluster itself: identity, numbers, limits (Element 12.x API, GetLimits). */
public final class ClusterDecider implements Decider<ClusterState, ClusterCommand, ClusterEvent> {
    public static final int MAX_CLUSTER_PAIRS = 4;
    public static final int MAX_ACCOUNTS = 5000;
    public static final int MAX_ADMINS = 5000;
    public static final int MAX_VOLUMES = 4000;
    public static final int MAX_VOLUMES_PER_ACCOUNT = 2000;
    private static final int MAX_NAME = 64;

    @Override public ClusterState initial() { return new Unformed(); }

    @Override public Decision<ClusterEvent> decide(ClusterState state, ClusterCommand command) {
        return switch (state) {
            case Unformed s -> whenUnformed(command);
            case Formed s   -> whenFormed(s, command);
        };
    }

    private static Decision<ClusterEvent> whenUnformed(ClusterCommand command) {
        return switch (command) {
            case FormCluster c when !c.uniqueId().matches("[a-z0-9]{4}") -> refuse(Refusal.INVALID_PARAMETER, "uniqueID is not 4 of a-z0-9");
            case FormCluster c when !named(c.name()) -> badName("cluster");
            case FormCluster c        -> append(new ClusterFormed(c.uuid(), c.uniqueId(), c.name()));
            case RenameCluster c      -> unformed();
            case ReserveClusterPair c -> unformed();
            case ReleaseClusterPair c -> unformed();
            case ReserveAccount c     -> unformed();
            case RenameAccount c      -> unformed();
            case ReleaseAccount c     -> unformed();
            case ReserveAdmin c       -> unformed();
            case ReleaseAdmin c       -> unformed();
            case ReserveVolume c      -> unformed();
            case TransferVolume c     -> unformed();
            case ReleaseVolume c      -> unformed();
            case TakeNumbers c        -> unformed();
        };
    }

    private static Decision<ClusterEvent> whenFormed(Formed s, ClusterCommand command) {
        return switch (command) {
            case FormCluster c -> refuse(Refusal.WRONG_CLUSTER_STATE, "the cluster is formed already");
            case RenameCluster c when !named(c.name()) -> badName("cluster");
            case RenameCluster c when c.name().equals(s.identity().name()) -> nothing();
            case RenameCluster c -> append(new ClusterRenamed(c.name()));
            case ReserveClusterPair c when s.pairs().size() >= MAX_CLUSTER_PAIRS ->
                refuse(Refusal.EXCEEDED_LIMIT, "at most " + MAX_CLUSTER_PAIRS + " cluster pairs, pending ones counted");
            case ReserveClusterPair c -> append(new ClusterPairReserved(new ClusterPairId(s.next().pair())));
            case ReleaseClusterPair c when !s.pairs().contains(c.id()) -> nothing();
            case ReleaseClusterPair c -> append(new ClusterPairReleased(c.id()));
            case ReserveAccount c -> reserved(s, c);
            case RenameAccount c  -> renamed(s, c);
            case ReleaseAccount c when !s.accounts().containsKey(c.id()) -> nothing();
            case ReleaseAccount c when s.volumes().containsValue(c.id()) ->
                refuse(Refusal.ACCOUNT_IN_USE, "account " + c.id() + " owns volumes");
            case ReleaseAccount c -> append(new AccountReleased(c.id()));
            case ReserveAdmin c   -> reserved(s, c);
            case ReleaseAdmin c when !s.admins().containsKey(c.id()) -> nothing();
            case ReleaseAdmin c   -> append(new AdminReleased(c.id()));
            case ReserveVolume c  -> reserved(s, c);
            case TransferVolume c -> transferred(s, c);
            case ReleaseVolume c when !s.volumes().containsKey(c.id()) -> nothing();
            case ReleaseVolume c  -> append(new VolumeReleased(c.id()));
            case TakeNumbers c    -> append(new NumbersTaken(c.what(), s.next().of(c.what()), c.count()));
        };
    }

    private static Decision<ClusterEvent> reserved(Formed s, ReserveAccount c) {
        if (!named(c.username())) return badName("account");
        if (s.accounts().containsValue(c.username())) return taken("an account", c.username());
        if (s.accounts().size() >= MAX_ACCOUNTS) return refuse(Refusal.EXCEEDED_LIMIT, "at most " + MAX_ACCOUNTS + " accounts on a cluster");
        return append(new AccountReserved(new AccountId(s.next().account()), c.username()));
    }

    private static Decision<ClusterEvent> renamed(Formed s, RenameAccount c) {
        String before = s.accounts().get(c.id());
        if (before == null) return noAccount(c.id());
        if (before.equals(c.username())) return nothing();
        if (!named(c.username())) return badName("account");
        return s.accounts().containsValue(c.username()) ? taken("an account", c.username()) : append(new AccountRenamed(c.id(), c.username()));
    }

    private static Decision<ClusterEvent> reserved(Formed s, ReserveAdmin c) {
        if (!named(c.username())) return badName("user");
        if (s.admins().containsValue(c.username())) return taken("an admin", c.username());
        if (s.admins().size() >= MAX_ADMINS) return refuse(Refusal.EXCEEDED_LIMIT, "at most " + MAX_ADMINS + " admins of a cluster");
        return append(new AdminReserved(new AdminId(s.next().of(Numbered.ADMIN)), c.username()));
    }

    private static Decision<ClusterEvent> reserved(Formed s, ReserveVolume c) {
        if (!s.accounts().containsKey(c.account())) return noAccount(c.account());
        if (s.volumes().size() >= MAX_VOLUMES) return refuse(Refusal.EXCEEDED_LIMIT, "at most " + MAX_VOLUMES + " volumes on a cluster");
        return full(s, c.account()) ? refuseOwner() : append(new VolumeReserved(new VolumeId(s.next().volume()), c.account()));
    }

    private static Decision<ClusterEvent> transferred(Formed s, TransferVolume c) {
        AccountId before = s.volumes().get(c.id());
        if (before == null) return refuse(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + c.id() + " does not exist");
        if (!s.accounts().containsKey(c.account())) return noAccount(c.account());
        if (before.equals(c.account())) return nothing();
        return full(s, c.account()) ? refuseOwner() : append(new VolumeTransferred(c.id(), c.account()));
    }

    private static boolean full(Formed s, AccountId account) {
        return s.volumes().values().stream().filter(account::equals).count() >= MAX_VOLUMES_PER_ACCOUNT;
    }

    @Override public ClusterState evolve(ClusterState state, ClusterEvent event) {
        return switch (event) {
            case ClusterFormed e when state instanceof Unformed ->
                new Formed(new Identity(e.uuid(), e.uniqueId(), e.name()), Counters.FIRST, Set.of(), Map.of(), Map.of(), Map.of());
            case ClusterRenamed e when state instanceof Formed s ->
                s.withIdentity(new Identity(s.identity().uuid(), s.identity().uniqueId(), e.name()));
            case ClusterPairReserved e when state instanceof Formed s -> s.withPairs(plus(s.pairs(), e.id()), s.next().pair(e.id().value() + 1));
            case ClusterPairReleased e when state instanceof Formed s -> s.withPairs(minus(s.pairs(), e.id()), s.next());
            case AccountReserved e when state instanceof Formed s ->
                s.withAccounts(plus(s.accounts(), e.id(), e.username()), s.next().account(e.id().value() + 1));
            case AccountRenamed e when state instanceof Formed s    -> s.withAccounts(plus(s.accounts(), e.id(), e.username()), s.next());
            case AccountReleased e when state instanceof Formed s   -> s.withAccounts(minus(s.accounts(), e.id()), s.next());
            case AdminReserved e when state instanceof Formed s     -> s.withAdmins(plus(s.admins(), e.id(), e.username()), s.next().of(Numbered.ADMIN, e.id().value() + 1));
            case AdminReleased e when state instanceof Formed s     -> s.withAdmins(minus(s.admins(), e.id()), s.next());
            case VolumeReserved e when state instanceof Formed s    -> s.withVolumes(plus(s.volumes(), e.id(), e.account()), s.next().volume(e.id().value() + 1));
            case VolumeTransferred e when state instanceof Formed s -> s.withVolumes(plus(s.volumes(), e.id(), e.account()), s.next());
            case VolumeReleased e when state instanceof Formed s    -> s.withVolumes(minus(s.volumes(), e.id()), s.next());
            case NumbersTaken e when state instanceof Formed s      -> s.withNumbers(s.next().of(e.what(), e.first() + e.count()));
            case ClusterFormed e       -> throw new CorruptHistoryException(state, e);
            case ClusterRenamed e      -> throw new CorruptHistoryException(state, e);
            case ClusterPairReserved e -> throw new CorruptHistoryException(state, e);
            case ClusterPairReleased e -> throw new CorruptHistoryException(state, e);
            case AccountReserved e     -> throw new CorruptHistoryException(state, e);
            case AccountRenamed e      -> throw new CorruptHistoryException(state, e);
            case AccountReleased e     -> throw new CorruptHistoryException(state, e);
            case AdminReserved e       -> throw new CorruptHistoryException(state, e);
            case AdminReleased e       -> throw new CorruptHistoryException(state, e);
            case VolumeReserved e      -> throw new CorruptHistoryException(state, e);
            case VolumeTransferred e   -> throw new CorruptHistoryException(state, e);
            case VolumeReleased e      -> throw new CorruptHistoryException(state, e);
            case NumbersTaken e        -> throw new CorruptHistoryException(state, e);
        };
    }

    private static boolean named(String name) { return !name.isEmpty() && name.length() <= MAX_NAME; }

    private static Decision<ClusterEvent> badName(String what) {
        return refuse(Refusal.INVALID_PARAMETER, what + " name is not of 1 to " + MAX_NAME + " characters");
    }

    private static Decision<ClusterEvent> refuseOwner() {
        return refuse(Refusal.EXCEEDED_LIMIT, "at most " + MAX_VOLUMES_PER_ACCOUNT + " volumes of one account");
    }

    private static Decision<ClusterEvent> noAccount(AccountId id) { return refuse(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + id + " does not exist"); }

    private static Decision<ClusterEvent> taken(String what, String name) { return refuse(Refusal.DUPLICATE_USERNAME, what + " named " + name + " exists"); }

    private static Decision<ClusterEvent> unformed() { return refuse(Refusal.WRONG_CLUSTER_STATE, "the cluster is not formed yet"); }

    private static <T> Set<T> plus(Set<T> set, T more) {
        Set<T> all = new HashSet<>(set);
        all.add(more);
        return all;
    }

    private static <T> Set<T> minus(Set<T> set, T less) {
        Set<T> rest = new HashSet<>(set);
        rest.remove(less);
        return rest;
    }

    private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
        Map<K, V> all = new HashMap<>(map);
        all.put(key, value);
        return all;
    }

    private static <K, V> Map<K, V> minus(Map<K, V> map, K key) {
        Map<K, V> rest = new HashMap<>(map);
        rest.remove(key);
        return rest;
    }
}
