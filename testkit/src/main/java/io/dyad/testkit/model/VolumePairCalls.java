package io.dyad.testkit.model;

import static io.dyad.testkit.model.Phase.OFFERED;
import static io.dyad.testkit.model.Phase.PAIRED;
import static io.dyad.testkit.model.Phase.SEVERED;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The calls that change volume pairs. */
public final class VolumePairCalls {
    private VolumePairCalls() { }

    /** VP-1, VP-2; a mode said for a volume that is no source is left open by VP-8. */
    public record StartVolumePairing(long volumeId, Optional<String> mode) implements Call {
        @Override public String method() { return "StartVolumePairing"; }

        @Override public ObjectNode params() {
            ObjectNode params = Call.none().put("volumeID", volumeId);
            mode.ifPresent(m -> params.put("mode", m));
            return params;
        }

        @Override public Expectation expect(World world, Side on) {
            Optional<Volume> volume = world.on(on).volume(volumeId);
            return Expectation.rules().refuse(volume.filter(v -> !v.deleted()).isEmpty(), "xVolumeIDDoesNotExist")
                .refuse(volume.flatMap(Volume::pair).isPresent(), "xVolumeAlreadyPaired")
                .mayRefuse(mode.isPresent() && volume.filter(v -> v.access().equals("readWrite")).isEmpty(), "xInvalidParameter").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            String text = result.path("volumePairingKey").asText();
            JsonNode said = KeyText.members(text);
            Volume volume = world.on(on).volume(volumeId).orElseThrow();
            List<String> problems = new ArrayList<>(KeyText.problems("volumePairingKey", text));
            if (world.keys().stream().anyMatch(k -> k.text().equals(text))) problems.add("VP-2: an old key was given out again");
            if (said.path("volumeID").longValue() != volumeId) problems.add("VP-2: the key names volume " + said.path("volumeID"));
            if (!said.path("volumeName").asText().equals(volume.name())) problems.add("VP-2: the key names " + said.path("volumeName"));
            if (!said.path("mvip").asText().equals(world.on(on).identity().mvip())) problems.add("VP-2: the key's mvip is " + said.path("mvip"));
            String uuid = said.path("volumePairUUID").asText();
            world.on(on).put(volume.withPair(VolumeHalf.offered(uuid, mode.map(Modes::canonical).orElse("Async"))));
            world.keys().add(new Key(Key.Kind.VOLUME, on, volumeId, uuid, text, false));
            return problems;
        }
    }

    /** VP-1, VP-4, ER-1; whether a deleted volume's offer still stands is left open. */
    public record CompleteVolumePairing(long volumeId, Key key) implements Call {
        @Override public String method() { return "CompleteVolumePairing"; }

        @Override public ObjectNode params() { return Call.none().put("volumePairingKey", key.text()).put("volumeID", volumeId); }

        @Override public Expectation expect(World world, Side on) {
            Optional<Volume> volume = world.on(on).volume(volumeId);
            boolean intact = key.kind() == Key.Kind.VOLUME && !key.altered();
            Optional<Volume> offering = world.on(key.from()).volume(key.id()).filter(v -> intact && offers(v));
            return Expectation.rules().refuse(volume.filter(v -> !v.deleted()).isEmpty(), "xVolumeIDDoesNotExist")
                .refuse(volume.flatMap(Volume::pair).isPresent(), "xVolumeAlreadyPaired")
                .refuse(offering.isEmpty() || key.from() == on, "xInvalidPairingKey")
                .refuse(key.from() == on || world.on(on).partner().isEmpty(), "xMVIPNotPaired")
                .mayRefuse(offering.filter(Volume::deleted).isPresent(), "xInvalidPairingKey", "xVolumeIDDoesNotExist").expect();
        }

        private boolean offers(Volume volume) {
            return volume.in(OFFERED) && volume.pair().orElseThrow().uuid().equals(key.uuid());
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            ClusterHalf link = world.on(on).partner().orElseThrow();
            Volume here = world.on(on).volume(volumeId).orElseThrow();
            Volume there = world.on(key.from()).volume(key.id()).orElseThrow();
            VolumeHalf offer = there.pair().orElseThrow();
            long linkThere = world.on(key.from()).clusterPair(link.uuid()).orElseThrow().id();
            world.on(on).put(here.withPair(VolumeHalf.offered(offer.uuid(), offer.mode()).completed(link.id(), key.id())));
            world.on(key.from()).put(there.withPair(offer.completed(linkThere, volumeId)));
            return List.of();
        }
    }

    /** VP-8, ER-5; for a deleted volume and for an end whose partner is gone it is left open. */
    public record ModifyVolumePair(long volumeId, Optional<Boolean> pausedManual, Optional<String> mode) implements Call {
        @Override public String method() { return "ModifyVolumePair"; }

        @Override public ObjectNode params() {
            ObjectNode params = Call.none().put("volumeID", volumeId);
            pausedManual.ifPresent(p -> params.put("pausedManual", p));
            mode.ifPresent(m -> params.put("mode", m));
            return params;
        }

        @Override public Expectation expect(World world, Side on) {
            Optional<Volume> volume = world.on(on).volume(volumeId);
            return Expectation.rules().refuse(volume.isEmpty(), "xVolumeIDDoesNotExist")
                .refuse(volume.isPresent() && volume.flatMap(Volume::pair).isEmpty(), "xVolumeNotPaired")
                .mayRefuse(volume.filter(Volume::deleted).isPresent(), "xVolumeIDDoesNotExist")
                .mayRefuse(volume.filter(v -> v.in(SEVERED)).isPresent(), "xVolumeNotPaired").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            Volume volume = world.on(on).volume(volumeId).orElseThrow();
            VolumeHalf half = volume.pair().orElseThrow();
            VolumeHalf paused = pausedManual.map(half::withPaused).orElse(half);
            world.on(on).put(volume.withPair(mode.map(m -> paused.withMode(Modes.canonical(m))).orElse(paused)));
            mode.ifPresent(m -> world.partner(on, volume).ifPresent(there -> world.on(on.other())
                .put(there.withPair(there.pair().orElseThrow().withMode(Modes.canonical(m))))));
            return List.of();
        }
    }

    /** VP-3; sent as real clients send it, with a param that the method does not have. */
    public record RemoveVolumePair(long volumeId) implements Call {
        @Override public String method() { return "RemoveVolumePair"; }

        @Override public ObjectNode params() { return Call.none().put("volumeID", volumeId).put("pausedManual", true); }

        @Override public Expectation expect(World world, Side on) {
            Optional<Volume> volume = world.on(on).volume(volumeId);
            return Expectation.rules().refuse(volume.isEmpty(), "xVolumeIDDoesNotExist")
                .mayRefuse(volume.filter(Volume::deleted).isPresent(), "xVolumeIDDoesNotExist").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            Volume volume = world.on(on).volume(volumeId).orElseThrow();
            volume.pair().filter(p -> p.phase() == PAIRED).ifPresent(p -> world.sever(on.other(), p));
            world.on(on).put(volume.unpaired());
            return List.of();
        }
    }
}
