package io.dyad.testkit.kit;

import static io.dyad.testkit.kit.Listing.each;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.testkit.model.ClusterHalf;
import io.dyad.testkit.model.Side;
import io.dyad.testkit.model.States;
import io.dyad.testkit.model.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was seen of each pair and volume so far: no state without a reason, no edge that is not documented. */
final class Sightings {
    private final Map<String, String> last = new HashMap<>();
    private final Map<String, ObjectNode> born = new HashMap<>();

    /** What may never be seen, not even in passing from one world to the other. */
    List<String> problems(World before, World after, Side side, Listing listing) {
        List<String> problems = new ArrayList<>();
        if (listing.clusterPairs().size() > 4) problems.add("CP-1: " + listing.clusterPairs().size() + " cluster pairs on " + side);
        each(listing.clusterPairs()).forEach(shown -> clusterPair(after, side, shown, problems));
        each(listing.volumes()).forEach(shown -> {
            String key = side + " volume " + shown.path("volumeID");
            ObjectNode first = born.computeIfAbsent(key, k -> Listing.bornWith(shown));
            if (!first.equals(Listing.bornWith(shown))) problems.add(key + " was born as " + first + " and is " + Listing.bornWith(shown));
            if (shown.path("volumePairs").size() > 1) problems.add("VP-1: " + key + " has more than one pair");
            each(shown.path("volumePairs")).forEach(pair -> volumePair(before, after, side, pair, problems));
        });
        return problems;
    }

    private void clusterPair(World world, Side side, JsonNode shown, List<String> problems) {
        String key = side + " cluster pair " + shown.path("clusterPairUUID").asText();
        String status = shown.path("status").asText();
        ClusterHalf half = world.on(side).clusterPairs().get(shown.path("clusterPairID").longValue());
        if (half != null && !States.passing(half).contains(status)) problems.add("CP-4: " + key + " shows " + status);
        String from = last.put(key, status);
        if (from != null && !States.statusEdge(from, status)) problems.add("CP-4: " + key + " went from " + from + " to " + status);
    }

    private void volumePair(World before, World after, Side side, JsonNode pair, List<String> problems) {
        String uuid = pair.path("volumePairUUID").asText();
        String key = side + " volume pair " + uuid;
        JsonNode replication = pair.path("remoteReplication");
        String state = replication.path("state").asText();
        String snapshots = replication.path("snapshotReplication").path("state").asText();
        Set<String> passing = States.passing(before, after, side, uuid);
        if (!passing.isEmpty() && !passing.contains(state)) problems.add("VP-6: " + key + " shows " + state + ", which nothing explains: " + passing);
        if (!Set.of("Idle", "Active").contains(snapshots) && !snapshots.equals(state)) problems.add("VP-6: " + key + " shows " + state + ", its snapshots " + snapshots);
        String from = last.put(key, state);
        if (from != null && !States.edge(from, state)) problems.add("VP-6: " + key + " went from " + from + " to " + state);
    }
}
