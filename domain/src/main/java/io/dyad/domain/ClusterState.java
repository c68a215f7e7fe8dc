package io.dyad.domain;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The cluster itself. */
public sealed interface ClusterState extends State {
    /** A new data directory: nobody has named the cluster yet. */
    record Unformed() implements ClusterState { }

    /** The cluster has its identity and hands out numbers; a number is never handed out twice. */
    record Formed(Identity identity, Counters next, Set<ClusterPairId> pairs, Map<AccountId, String> accounts, Map<VolumeId, AccountId> volumes,
                  Map<AdminId, String> admins) implements ClusterState {
        public Formed {
            pairs = Set.copyOf(pairs);
            accounts = Map.copyOf(accounts);
            volumes = Map.copyOf(volumes);
            admins = Map.copyOf(admins);
        }

        Formed withIdentity(Identity now) { return new Formed(now, next, pairs, accounts, volumes, admins); }

        Formed withNumbers(Counters after) { return new Formed(identity, after, pairs, accounts, volumes, admins); }

        Formed withPairs(Set<ClusterPairId> now, Counters after) { return new Formed(identity, after, now, accounts, volumes, admins); }

        Formed withAccounts(Map<AccountId, String> now, Counters after) { return new Formed(identity, after, pairs, now, volumes, admins); }

        Formed withVolumes(Map<VolumeId, AccountId> now, Counters after) { return new Formed(identity, after, pairs, accounts, now, admins); }

        Formed withAdmins(Map<AdminId, String> now, Counters after) { return new Formed(identity, after, pairs, accounts, volumes, now); }
    }

    /** {@code uniqueId}: 4 characters of a-z0-9; {@code uuid} is the cluster's for ever. */
    record Identity(UUID uuid, String uniqueId, String name) { }

    /** The numbers to be handed out next. */
    record Counters(long pair, long account, long volume, Map<Numbered, Long> others) {
        static final Counters FIRST = new Counters(1, 1, 1, Map.of());

        public Counters { others = Map.copyOf(others); }

        long of(Numbered what) { return others.getOrDefault(what, 1L); }

        Counters pair(long next) { return new Counters(next, account, volume, others); }

        Counters account(long next) { return new Counters(pair, next, volume, others); }

        Counters volume(long next) { return new Counters(pair, account, next, others); }

        Counters of(Numbered what, long next) {
            Map<Numbered, Long> now = new HashMap<>(others);
            now.put(what, next);
            return new Counters(pair, account, volume, now);
        }
    }
}
