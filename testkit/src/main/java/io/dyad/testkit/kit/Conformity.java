package io.dyad.testkit.kit;

import static io.dyad.testkit.kit.Listing.each;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.testkit.model.Cluster;
import io.dyad.testkit.model.ClusterHalf;
import io.dyad.testkit.model.Phase;
import io.dyad.testkit.model.Side;
import io.dyad.testkit.model.States;
import io.dyad.testkit.model.Volume;
import io.dyad.testkit.model.VolumeHalf;
import io.dyad.testkit.model.World;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** How one cluster's listing differs from the model. */
final class Conformity {
    private static final long PAUSE_LIMIT = 3_145_728_000L;

    private final World world;
    private final Side side;
    private final Cluster here;
    private final Listing listing;
    private final List<String> problems = new ArrayList<>();

    private Conformity(World world, Side side, Listing listing) {
        this.world = world;
        this.side = side;
        this.here = world.on(side);
        this.listing = listing;
    }

    /** What holds at once on the cluster that was called, and soon on the other. */
    static List<String> facts(World world, Side side, Listing listing) {
        var check = new Conformity(world, side, listing);
        check.clusterPairs();
        check.volumes();
        check.accounts();
        check.secrets();
        return check.problems;
    }

    /** What holds once both ends have heard of each other. */
    static List<String> states(World world, Side side, Listing listing) {
        var check = new Conformity(world, side, listing);
        check.settledStates();
        return check.problems;
    }

    private void same(String rule, String what, Object expected, JsonNode found) {
        String text = found.isContainerNode() ? found.toString() : found.asText();
        if (!text.equals(Objects.toString(expected))) problems.add(rule + ": on " + side + " " + what + " is " + found + " instead of " + expected);
    }

    private void clusterPairs() {
        ids("CP-1", "cluster pairs", here.clusterPairs().keySet().stream().toList(), listing.clusterPairs(), "clusterPairID");
        Cluster.Identity peer = world.on(side.other()).identity();
        each(listing.clusterPairs()).forEach(shown -> {
            ClusterHalf half = here.clusterPairs().get(shown.path("clusterPairID").longValue());
            if (half == null) return;
            String name = "cluster pair " + half.id() + " ";
            same("CP-4", name + "clusterPairUUID", half.uuid(), shown.path("clusterPairUUID"));
            if (half.phase() == Phase.OFFERED) return;
            same("CP-4", name + "clusterName", peer.name(), shown.path("clusterName"));
            same("CP-4", name + "mvip", peer.mvip(), shown.path("mvip"));
            same("ER-2", name + "clusterUUID", peer.uniqueId(), shown.path("clusterUUID"));
        });
    }

    private void volumes() {
        ids("VP-1", "volumes", here.volumes().keySet().stream().toList(), listing.volumes(), "volumeID");
        each(listing.volumes()).forEach(shown -> here.volume(shown.path("volumeID").longValue()).ifPresent(v -> volume(v, shown)));
    }

    private void volume(Volume v, JsonNode shown) {
        String name = "volume " + v.id() + " ";
        same("VP-6", name + "access", v.access(), shown.path("access"));
        same("FO-4", name + "totalSize", v.sizeBytes(), shown.path("totalSize"));
        same("FO-5", name + "status", v.deleted() ? "deleted" : "active", shown.path("status"));
        if (shown.path("deleteTime").asText().isEmpty() == v.deleted()) problems.add("FO-5: " + name + "deleteTime is " + shown.path("deleteTime"));
        if (shown.path("purgeTime").asText().isEmpty() == v.deleted()) problems.add("FO-5: " + name + "purgeTime is " + shown.path("purgeTime"));
        same("LI-4", name + "name", v.name(), shown.path("name"));
        same("LI-2", name + "accountID", v.accountId(), shown.path("accountID"));
        same("API 3", name + "blockSize", 4096, shown.path("blockSize"));
        String hex = HexFormat.of().formatHex(here.identity().uniqueId().getBytes(StandardCharsets.US_ASCII)) + "%08x".formatted(v.id());
        same("API 3", name + "iqn", "iqn.2010-01.com.solidfire:" + here.identity().uniqueId() + "."
            + v.name().toLowerCase(java.util.Locale.ROOT) + "." + v.id(), shown.path("iqn"));
        same("API 3", name + "scsiEUIDeviceID", hex + "f47acc0100000000", shown.path("scsiEUIDeviceID"));
        same("API 3", name + "scsiNAADeviceID", "6f47acc100000000" + hex, shown.path("scsiNAADeviceID"));
        same("VP-1", name + "number of volume pairs", v.pair().isPresent() ? 1 : 0, com.fasterxml.jackson.databind.node.IntNode.valueOf(shown.path("volumePairs").size()));
        v.pair().ifPresent(half -> pair(name, half, shown.path("volumePairs").path(0)));
    }

    private void pair(String name, VolumeHalf half, JsonNode shown) {
        String partner = world.on(side.other()).volume(half.remoteVolumeId()).map(Volume::name).orElse("");
        same("VP-1", name + "volumePairUUID", half.uuid(), shown.path("volumePairUUID"));
        same("VP-1", name + "remoteVolumeID", half.remoteVolumeId(), shown.path("remoteVolumeID"));
        same("API 3", name + "remoteSliceID", half.remoteVolumeId(), shown.path("remoteSliceID"));
        if (half.phase() != Phase.SEVERED) same("VP-2", name + "remoteVolumeName", partner, shown.path("remoteVolumeName"));
        if (half.phase() != Phase.OFFERED) same("VP-1", name + "clusterPairID", half.clusterPairId(), shown.path("clusterPairID"));
        JsonNode replication = shown.path("remoteReplication");
        same("VP-8", name + "mode", half.mode(), replication.path("mode"));
        same("API 3", name + "pauseLimit", PAUSE_LIMIT, replication.path("pauseLimit"));
    }

    private void accounts() {
        Map<Long, String> shown = new TreeMap<>();
        each(listing.accounts()).forEach(a -> shown.put(a.path("accountID").longValue(), a.path("username").asText()));
        if (!shown.equals(here.accounts())) problems.add("LI-5: on " + side + " the accounts are " + shown + " instead of " + here.accounts());
        each(listing.accounts()).forEach(a -> {
            var owned = each(a.path("volumes")).map(JsonNode::longValue).toList();
            var due = here.volumes().values().stream().filter(v -> v.accountId() == a.path("accountID").longValue()).toList();
            boolean all = due.stream().filter(v -> !v.deleted()).allMatch(v -> owned.contains(v.id()));
            boolean only = owned.stream().allMatch(id -> due.stream().anyMatch(v -> v.id() == id));
            if (!all || !only) problems.add("LI-2: on " + side + " account " + a.path("accountID") + " owns " + owned);
        });
    }

    private void secrets() {
        String all = listing.toString();
        if (world.keys().stream().anyMatch(k -> k.shownIn(all))) problems.add("ER-9: a listing on " + side + " shows a key or its password");
    }

    private void ids(String rule, String what, List<Long> expected, JsonNode list, String member) {
        List<Long> found = each(list).map(e -> e.path(member).longValue()).toList();
        if (!found.equals(expected)) problems.add(rule + ": on " + side + " the " + what + " are " + found + " instead of " + expected);
    }

    private void settledStates() {
        each(listing.clusterPairs()).forEach(shown -> {
            ClusterHalf half = here.clusterPairs().get(shown.path("clusterPairID").longValue());
            if (half != null) same("CP-4", "cluster pair " + half.id() + " status", States.settled(half), shown.path("status"));
        });
        each(listing.volumes()).forEach(shown -> here.volume(shown.path("volumeID").longValue()).filter(v -> v.pair().isPresent()).ifPresent(v -> {
            JsonNode state = shown.path("volumePairs").path(0).path("remoteReplication").path("state");
            var due = States.settled(world, side, v);
            if (!due.contains(state.asText())) problems.add("VP-6: on " + side + " volume " + v.id() + " is " + state + " instead of " + due);
        }));
    }
}
