package io.dyad.testkit.kit;

import static io.dyad.testkit.kit.Choice.oneOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dyad.testkit.model.Call;
import io.dyad.testkit.model.ClusterPairCalls.CompleteClusterPairing;
import io.dyad.testkit.model.ClusterPairCalls.RemoveClusterPair;
import io.dyad.testkit.model.ClusterPairCalls.StartClusterPairing;
import io.dyad.testkit.model.Key;
import io.dyad.testkit.model.Phase;
import io.dyad.testkit.model.Reads;
import io.dyad.testkit.model.Reads.Filter;
import io.dyad.testkit.model.Reads.Page;
import io.dyad.testkit.model.VolumeCalls.AddAccount;
import io.dyad.testkit.model.VolumeCalls.CreateVolume;
import io.dyad.testkit.model.VolumeCalls.DeleteVolume;
import io.dyad.testkit.model.VolumeCalls.ModifyVolume;
import io.dyad.testkit.model.VolumeCalls.PurgeDeletedVolume;
import io.dyad.testkit.model.VolumeCalls.RestoreDeletedVolume;
import io.dyad.testkit.model.VolumePairCalls.CompleteVolumePairing;
import io.dyad.testkit.model.VolumePairCalls.ModifyVolumePair;
import io.dyad.testkit.model.VolumePairCalls.RemoveVolumePair;
import io.dyad.testkit.model.VolumePairCalls.StartVolumePairing;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a step may do, and how often it is tried. */
enum Verb {
    START_CLUSTER_PAIRING(4, c -> new StartClusterPairing()),
    COMPLETE_CLUSTER_PAIRING(6, c -> new CompleteClusterPairing(c.key(Key.Kind.CLUSTER))),
    REMOVE_CLUSTER_PAIR(3, c -> new RemoveClusterPair(c.clusterPair())),
    ADD_ACCOUNT(2, c -> new AddAccount(accountName(c))),
    CREATE_VOLUME(5, Verb::creation),
    SET_ACCESS(8, c -> new ModifyVolume(c.volume(), Optional.of(access(c.second())), Optional.empty())),
    SET_SIZE(4, c -> new ModifyVolume(c.volume(), Optional.empty(), Optional.of(size(c)))),
    DELETE_VOLUME(3, c -> new DeleteVolume(c.volume())),
    RESTORE_VOLUME(3, c -> new RestoreDeletedVolume(c.volume())),
    PURGE_VOLUME(2, c -> new PurgeDeletedVolume(c.volume())),
    START_VOLUME_PAIRING(6, c -> new StartVolumePairing(c.freeVolume(), mode(c.second()))),
    COMPLETE_VOLUME_PAIRING(8, c -> new CompleteVolumePairing(c.freeVolume(), c.key(c.second() == 7 ? Key.Kind.CLUSTER : Key.Kind.VOLUME))),
    PAUSE_OR_RESUME(4, Verb::pause),
    SET_MODE(2, c -> new ModifyVolumePair(c.volume(), Optional.empty(), mode(c.second()))),
    REMOVE_VOLUME_PAIR(3, c -> new RemoveVolumePair(c.volume())),
    LIST_VOLUMES(3, c -> new Reads.ListVolumes(filters(c), page(c))),
    LIST_SOME(2, c -> new Reads.ListSome(oneOf(List.of(Reads.Lister.values()), c.first()), page(c))),
    LIST_OF_ACCOUNT(1, c -> new Reads.ListVolumesForAccount(c.account(c.first()), page(c))),
    GET_ACCOUNT(1, c -> c.second() % 2 == 0 ? new Reads.GetAccountByID(c.account(c.first())) : new Reads.GetAccountByName(accountName(c))),
    GET_STATS(1, c -> new Reads.GetVolumeStats(c.volume())),
    LOOK(1, c -> new Reads.Look(oneOf(List.of("GetLimits", "GetAPI", "GetClusterInfo", "GetClusterVersionInfo"), c.first()))),
    MISSPEAK(3, c -> Misspoken.call(c.first(), c.second()));

    private final int weight;
    private final Function<Choice, Call> call;

    Verb(int weight, Function<Choice, Call> call) {
        this.weight = weight;
        this.call = call;
    }

    int weight() { return weight; }

    Call in(Choice choice) { return call.apply(choice); }

    private static String accountName(Choice c) {
        var names = c.here().accounts().values();
        return switch (c.first() % 8) {
            case 5  -> names.isEmpty() ? "" : oneOf(List.copyOf(names), c.second());
            case 6  -> "n".repeat(65);
            case 7  -> "";
            default -> Stream.iterate(1, n -> n + 1).map(n -> "kit-" + n).filter(n -> !names.contains(n)).findFirst().orElseThrow();
        };
    }

    private static Call creation(Choice c) {
        long bytes = oneOf(List.of(1_000_000_000L, 1_000_000_000L, 1_073_741_824L, 1_000_341_505L, 1_000_000_000L, 999_999_999L, 17_592_186_044_417L), c.second());
        String name = oneOf(List.of("Kit", "kit-" + c.second(), "K".repeat(64), "x", "kit", "", "K".repeat(65)), c.first());
        Optional<String> access = c.second() % 4 == 0 ? Optional.empty() : Optional.of(access(c.first() + c.second()));
        return new CreateVolume(c.account(c.second()), name, bytes, access);
    }

    private static String access(int number) {
        return oneOf(List.of("readWrite", "replicationTarget", "readWrite", "replicationTarget", "readWrite", "replicationTarget",
            "readOnly", "locked", "snapMirrorTarget", "sometimes"), number);
    }

    private static long size(Choice c) {
        long present = c.chosenVolume().map(v -> v.sizeBytes()).orElse(1_000_000_000L);
        return oneOf(List.of(present + 1, present + (5L << 20), present, present - (1L << 20), present - 1, 1L, 17_592_186_044_417L, 1_073_741_824L), c.second());
    }

    private static Optional<String> mode(int number) {
        return oneOf(List.of(Optional.empty(), Optional.of("async"), Optional.of("Sync"), Optional.of("SNAPSHOTSONLY"), Optional.of("Async")), number);
    }

    /** Whether a pause said to a pending pair outlives its completion is left open, so nobody says it. */
    private static Call pause(Choice c) {
        boolean pending = c.chosenVolume().flatMap(v -> v.pair()).filter(p -> p.phase() == Phase.OFFERED).isPresent();
        return new ModifyVolumePair(c.volume(), pending ? Optional.empty() : Optional.of(c.second() % 2 == 0), Optional.empty());
    }

    private static Page page(Choice c) {
        return switch (c.second() % 4) {
            case 1  -> new Page(Optional.of(c.volume()), Optional.empty());
            case 2  -> new Page(Optional.empty(), Optional.of(1L + c.first() % 3));
            case 3  -> new Page(Optional.of(c.volume()), Optional.of(1L + c.first() % 3));
            default -> Page.ALL;
        };
    }

    private static List<Filter> filters(Choice c) {
        long account = c.account(c.second());
        long volume = c.volume();
        JsonNodeFactory json = JsonNodeFactory.instance;
        JsonNode ids = json.arrayNode().add(volume).add(123_456_789L);
        List<Filter> all = List.of(
            new Filter("isPaired", BooleanNode.TRUE, v -> v.pair().isPresent()),
            new Filter("isPaired", TextNode.valueOf("false"), v -> v.pair().isEmpty()),
            new Filter("isPaired", NullNode.instance, v -> v.pair().isEmpty()),
            new Filter("volumeStatus", TextNode.valueOf("active"), v -> !v.deleted()),
            new Filter("volumeStatus", TextNode.valueOf("deleted"), v -> v.deleted()),
            new Filter("accounts", json.arrayNode().add(account), v -> v.accountId() == account),
            new Filter("volumeIDs", ids, v -> v.id() == volume),
            new Filter("volumeName", TextNode.valueOf("Kit"), v -> v.name().equals("Kit")));
        Filter one = oneOf(all, c.first());
        Filter two = oneOf(all, c.first() / 8);
        return c.second() % 5 == 0 ? List.of() : one.param().equals(two.param()) ? List.of(one) : List.of(one, two);
    }
}
