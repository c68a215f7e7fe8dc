package io.dyad.testkit.model;

import static io.dyad.testkit.model.Phase.OFFERED;
import static io.dyad.testkit.model.Phase.PAIRED;
import static io.dyad.testkit.model.Phase.SEVERED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The calls that change cluster pairs. */
public final class ClusterPairCalls {
    private static final long MOST = Spec.load().limit("clusterPairsCountMax");

    private ClusterPairCalls() { }

    /** CP-1, CP-2. */
    public record StartClusterPairing() implements Call {
        @Override public String method() { return "StartClusterPairing"; }

        @Override public ObjectNode params() { return Call.none(); }

        @Override public Expectation expect(World world, Side on) {
            return Expectation.rules().refuse(world.on(on).clusterPairs().size() >= MOST, "xExceededLimit").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            Cluster here = world.on(on);
            long id = result.path("clusterPairID").longValue();
            String text = result.path("clusterPairingKey").asText();
            JsonNode said = KeyText.members(text);
            List<String> problems = new ArrayList<>(KeyText.problems("clusterPairingKey", text));
            if (here.clusterPairs().containsKey(id)) problems.add("CP-2: cluster pair " + id + " was there already");
            if (world.keys().stream().anyMatch(k -> k.text().equals(text))) problems.add("CP-2: an old key was given out again");
            if (said.path("clusterPairID").longValue() != id) problems.add("CP-2: the key names pair " + said.path("clusterPairID"));
            problems.addAll(identifies(here.identity(), said));
            String uuid = said.path("clusterPairUUID").asText();
            here.put(new ClusterHalf(id, uuid, OFFERED));
            world.keys().add(new Key(Key.Kind.CLUSTER, on, id, uuid, text, false));
            return problems;
        }

        private static List<String> identifies(Cluster.Identity identity, JsonNode said) {
            List<String> problems = new ArrayList<>();
            if (!said.path("mvip").asText().equals(identity.mvip())) problems.add("the key's mvip is " + said.path("mvip"));
            if (!said.path("name").asText().equals(identity.name())) problems.add("the key's name is " + said.path("name"));
            if (!said.path("clusterUniqueID").asText().equals(identity.uniqueId())) problems.add("the key's clusterUniqueID is " + said.path("clusterUniqueID"));
            if (!said.path("username").asText().matches("__SF_pair_[A-Za-z0-9]{16}")) problems.add("the key's username has another form");
            if (!said.path("password").asText().matches("[ -~]{16}")) problems.add("the key's password has another form");
            return problems;
        }
    }

    /** CP-1 to CP-4. */
    public record CompleteClusterPairing(Key key) implements Call {
        @Override public String method() { return "CompleteClusterPairing"; }

        @Override public ObjectNode params() { return Call.none().put("clusterPairingKey", key.text()); }

        @Override public Expectation expect(World world, Side on) {
            Cluster here = world.on(on);
            Cluster starter = world.on(key.from());
            boolean intact = key.kind() == Key.Kind.CLUSTER && !key.altered();
            boolean open = intact && starter.clusterPair(key.id()).filter(h -> h.uuid().equals(key.uuid()) && h.phase() == OFFERED).isPresent();
            var rules = Expectation.rules();
            if (repeats(world, on)) return rules.mayRefuse(true, "xInvalidKey", "xPairingAlreadyExists", "xExceededLimit").expect();
            return rules.refuse(!open || key.from() == on, "xInvalidKey")
                .refuse(key.from() != on && (here.knowsPartner() || starter.knowsPartner()), "xPairingAlreadyExists")
                .mayRefuse(key.from() == on && here.knowsPartner(), "xPairingAlreadyExists")
                .refuse(here.clusterPairs().size() >= MOST, "xExceededLimit").expect();
        }

        /** CP-2: the cluster that a key served may repeat it, as after a crash. */
        private boolean repeats(World world, Side on) {
            return key.kind() == Key.Kind.CLUSTER && !key.altered() && key.from() != on
                && world.on(on).clusterPair(key.uuid()).filter(h -> h.phase() == PAIRED).isPresent();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            Cluster here = world.on(on);
            long id = result.path("clusterPairID").longValue();
            Optional<ClusterHalf> repeated = here.clusterPair(key.uuid());
            if (repeated.isPresent()) {
                return repeated.get().id() == id ? List.of() : List.of("CP-2: repeated, the pair is " + id + " and was " + repeated.get().id());
            }
            boolean taken = here.clusterPairs().containsKey(id);
            here.put(new ClusterHalf(id, key.uuid(), PAIRED));
            Cluster starter = world.on(key.from());
            starter.clusterPair(key.id()).ifPresent(h -> starter.put(h.in(PAIRED)));
            return taken ? List.of("CP-4: cluster pair " + id + " was there already") : List.of();
        }
    }

    /** CP-5. A started volume pairing names no cluster pair yet: whether it holds one is left open. */
    public record RemoveClusterPair(long id) implements Call {
        @Override public String method() { return "RemoveClusterPair"; }

        @Override public ObjectNode params() { return Call.none().put("clusterPairID", id); }

        @Override public Expectation expect(World world, Side on) {
            Cluster here = world.on(on);
            Optional<ClusterHalf> half = here.clusterPair(id);
            return Expectation.rules().refuse(half.isEmpty(), "xPairingDoesNotExist")
                .refuse(half.isPresent() && here.volumes().values().stream().anyMatch(v -> uses(v)), "xClusterPairInUse")
                .mayRefuse(half.filter(h -> h.phase() != OFFERED).isPresent()
                    && here.volumes().values().stream().anyMatch(v -> v.in(OFFERED)), "xClusterPairInUse").expect();
        }

        private boolean uses(Volume volume) {
            return volume.pair().filter(p -> p.phase() != OFFERED && p.clusterPairId() == id).isPresent();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            ClusterHalf gone = world.on(on).clusterPair(id).orElseThrow();
            world.on(on).clusterPairs().remove(id);
            Cluster there = world.on(on.other());
            if (gone.phase() == PAIRED) there.clusterPair(gone.uuid()).ifPresent(h -> there.put(h.in(SEVERED)));
            return List.of();
        }
    }
}
