package io.dyad.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The calls that change accounts and volumes. */
public final class VolumeCalls {
    private static final String UNKNOWN = "xVolumeIDDoesNotExist";

    private VolumeCalls() { }

    /** LI-5. */
    public record AddAccount(String username) implements Call {
        @Override public String method() { return "AddAccount"; }

        @Override public ObjectNode params() { return Call.none().put("username", username); }

        @Override public Expectation expect(World world, Side on) {
            return Expectation.rules().refuse(!fits("AccountName", username.length()), "xInvalidParameter")
                .refuse(world.on(on).accounts().containsValue(username), "xDuplicateUsername")
                .refuse(world.on(on).accounts().size() >= Spec.load().limit("accountCountMax"), "xExceededLimit").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            long id = result.path("accountID").longValue();
            List<String> problems = new ArrayList<>();
            if (result.path("account").path("accountID").longValue() != id) problems.add("account and accountID disagree");
            if (world.on(on).accounts().put(id, username) != null) problems.add("account " + id + " was there already");
            return problems;
        }
    }

    /** LI-1 to LI-4. */
    public record CreateVolume(long accountId, String name, long sizeBytes, Optional<String> access) implements Call {
        @Override public String method() { return "CreateVolume"; }

        @Override public ObjectNode params() {
            ObjectNode params = Call.none().put("accountID", accountId).put("name", name).put("totalSize", sizeBytes);
            access.ifPresent(a -> params.put("access", a));
            return params;
        }

        @Override public Expectation expect(World world, Side on) {
            return Expectation.rules().refuse(!world.on(on).accounts().containsKey(accountId), "xAccountIDDoesNotExist")
                .refuse(!fits("VolumeName", name.length()) || !fits("VolumeSize", sizeBytes), "xInvalidParameter")
                .refuse(access.filter(a -> !isWord(a)).isPresent(), "xUnrecognizedEnumString").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            long id = result.path("volumeID").longValue();
            List<String> problems = new ArrayList<>();
            if (result.path("volume").path("volumeID").longValue() != id) problems.add("volume and volumeID disagree");
            if (world.on(on).volume(id).isPresent()) problems.add("volume " + id + " was there already");
            world.on(on).put(new Volume(id, accountId, name, Volume.rounded(sizeBytes), access.orElse("readWrite"), false, Optional.empty()));
            return problems;
        }
    }

    /** VP-6, FO-1, FO-4; a size below the present one that rounds up to it is left open. */
    public record ModifyVolume(long volumeId, Optional<String> access, Optional<Long> sizeBytes) implements Call {
        @Override public String method() { return "ModifyVolume"; }

        @Override public ObjectNode params() {
            ObjectNode params = Call.none().put("volumeID", volumeId);
            access.ifPresent(a -> params.put("access", a));
            sizeBytes.ifPresent(s -> params.put("totalSize", s));
            return params;
        }

        @Override public Expectation expect(World world, Side on) {
            Optional<Volume> volume = world.on(on).active(volumeId);
            long present = volume.map(Volume::sizeBytes).orElse(0L);
            return Expectation.rules().refuse(volume.isEmpty(), UNKNOWN)
                .refuse(sizeBytes.filter(s -> Volume.rounded(s) < present).isPresent(), "xVolumeShrinkProhibited")
                .mayRefuse(sizeBytes.filter(s -> s < present).isPresent(), "xVolumeShrinkProhibited")
                .refuse(sizeBytes.filter(s -> !fits("GrownSize", s)).isPresent(), "xInvalidParameter")
                .refuse(access.filter(a -> !isWord(a)).isPresent(), "xUnrecognizedEnumString").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            Volume volume = world.on(on).volume(volumeId).orElseThrow();
            Volume sized = sizeBytes.map(s -> volume.withSize(Volume.rounded(s))).orElse(volume);
            Volume next = access.map(sized::withAccess).orElse(sized);
            world.on(on).put(next);
            JsonNode said = result.path("volume");
            return said.path("access").asText().equals(next.access()) && said.path("totalSize").longValue() == next.sizeBytes()
                ? List.of() : List.of("VP-6: the answer shows " + said.path("access") + ", " + said.path("totalSize") + " bytes");
        }
    }

    /** FO-5; deleting twice is left open. */
    public record DeleteVolume(long volumeId) implements Call {
        @Override public String method() { return "DeleteVolume"; }

        @Override public ObjectNode params() { return Call.none().put("volumeID", volumeId); }

        @Override public Expectation expect(World world, Side on) {
            Optional<Volume> volume = world.on(on).volume(volumeId);
            return Expectation.rules().refuse(volume.isEmpty(), UNKNOWN)
                .mayRefuse(volume.filter(Volume::deleted).isPresent(), UNKNOWN).expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            world.on(on).put(world.on(on).volume(volumeId).orElseThrow().withDeleted(true));
            return result.path("volume").path("status").asText().equals("deleted") ? List.of() : List.of("FO-5: the answer shows no deleted volume");
        }
    }

    /** FO-5. */
    public record RestoreDeletedVolume(long volumeId) implements Call {
        @Override public String method() { return "RestoreDeletedVolume"; }

        @Override public ObjectNode params() { return Call.none().put("volumeID", volumeId); }

        @Override public Expectation expect(World world, Side on) { return ofDeleted(world.on(on), volumeId); }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            world.on(on).put(world.on(on).volume(volumeId).orElseThrow().withDeleted(false));
            return List.of();
        }
    }

    /** FO-5. */
    public record PurgeDeletedVolume(long volumeId) implements Call {
        @Override public String method() { return "PurgeDeletedVolume"; }

        @Override public ObjectNode params() { return Call.none().put("volumeID", volumeId); }

        @Override public Expectation expect(World world, Side on) { return ofDeleted(world.on(on), volumeId); }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            Volume gone = world.on(on).volume(volumeId).orElseThrow();
            world.on(on).volumes().remove(volumeId);
            gone.pair().ifPresent(p -> world.sever(on.other(), p));
            return List.of();
        }
    }

    private static Expectation ofDeleted(Cluster here, long volumeId) {
        return Expectation.rules().refuse(here.volume(volumeId).filter(Volume::deleted).isEmpty(), UNKNOWN).expect();
    }

    private static boolean fits(String type, long measure) { return ((TypeSpec.Scalar) Spec.load().type(type)).bounds().hold(measure); }

    private static boolean isWord(String access) { return ((TypeSpec.Words) Spec.load().type("VolumeAccess")).values().contains(access); }
}
