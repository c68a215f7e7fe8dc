package io.dyad.testkit.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.Spec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The calls that change nothing. */
public final class Reads {
    private Reads() { }

    /** A page of a list, as all listing methods take it. */
    public record Page(Optional<Long> startVolumeId, Optional<Long> limit) {
        public static final Page ALL = new Page(Optional.empty(), Optional.empty());

        void into(ObjectNode params) {
            startVolumeId.ifPresent(s -> params.put("startVolumeID", s));
            limit.ifPresent(l -> params.put("limit", l));
        }

        Stream<Volume> of(Stream<Volume> volumes) {
            return volumes.filter(v -> v.id() >= startVolumeId.orElse(Long.MIN_VALUE)).limit(limit.orElse(Long.MAX_VALUE));
        }
    }

    /** A listing method other than ListVolumes, and which volumes it lists. */
    public enum Lister {
        ListActiveVolumes(v -> !v.deleted()),
        ListActivePairedVolumes(v -> !v.deleted() && v.pair().isPresent());

        private final Predicate<Volume> lists;

        Lister(Predicate<Volume> lists) { this.lists = lists; }
    }

    /** VP-1, VP-2: a pending volume is a paired one. */
    public record ListSome(Lister lister, Page page) implements Call {
        @Override public String method() { return lister.name(); }

        @Override public ObjectNode params() {
            ObjectNode params = Call.none();
            page.into(params);
            return params;
        }

        @Override public Expectation expect(World world, Side on) { return Expectation.rules().expect(); }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            return listed(page.of(world.on(on).volumes().values().stream().filter(lister.lists)), result);
        }
    }

    /** The volumes of one account. */
    public record ListVolumesForAccount(long accountId, Page page) implements Call {
        @Override public String method() { return "ListVolumesForAccount"; }

        @Override public ObjectNode params() {
            ObjectNode params = Call.none().put("accountID", accountId);
            page.into(params);
            return params;
        }

        @Override public Expectation expect(World world, Side on) {
            return Expectation.rules().refuse(!world.on(on).accounts().containsKey(accountId), "xAccountIDDoesNotExist").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            return listed(page.of(world.on(on).volumes().values().stream().filter(v -> v.accountId() == accountId)), result);
        }
    }

    /** One filter of ListVolumes: its param, and which volumes pass it. */
    public record Filter(String param, JsonNode value, Predicate<Volume> passes) {
        @Override public String toString() { return param + "=" + value; }
    }

    /** Every filter given must be passed; unknown ids are left out. */
    public record ListVolumes(List<Filter> filters, Page page) implements Call {
        @Override public String method() { return "ListVolumes"; }

        @Override public ObjectNode params() {
            ObjectNode params = Call.none();
            filters.forEach(f -> params.set(f.param(), f.value()));
            page.into(params);
            return params;
        }

        @Override public Expectation expect(World world, Side on) { return Expectation.rules().expect(); }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            return listed(page.of(world.on(on).volumes().values().stream()
                .filter(v -> filters.stream().allMatch(f -> f.passes().test(v)))), result);
        }
    }

    /** An account by id. */
    public record GetAccountByID(long accountId) implements Call {
        @Override public String method() { return "GetAccountByID"; }

        @Override public ObjectNode params() { return Call.none().put("accountID", accountId); }

        @Override public Expectation expect(World world, Side on) {
            return Expectation.rules().refuse(!world.on(on).accounts().containsKey(accountId), "xUnknownAccount").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            return result.path("account").path("username").asText().equals(world.on(on).accounts().get(accountId))
                ? List.of() : List.of("the account is another one");
        }
    }

    /** An account by name. */
    public record GetAccountByName(String username) implements Call {
        @Override public String method() { return "GetAccountByName"; }

        @Override public ObjectNode params() { return Call.none().put("username", username); }

        @Override public Expectation expect(World world, Side on) {
            return Expectation.rules().refuse(!world.on(on).accounts().containsValue(username), "xUnknownAccount").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            String found = world.on(on).accounts().get(result.path("account").path("accountID").longValue());
            return username.equals(found) ? List.of() : List.of("the account is another one");
        }
    }

    /** How far a volume's partner lags behind: null where nothing is shipped, 0 on an active target. */
    public record GetVolumeStats(long volumeId) implements Call {
        @Override public String method() { return "GetVolumeStats"; }

        @Override public ObjectNode params() { return Call.none().put("volumeID", volumeId); }

        @Override public Expectation expect(World world, Side on) {
            Optional<Volume> volume = world.on(on).volume(volumeId);
            return Expectation.rules().refuse(volume.isEmpty(), "xVolumeIDDoesNotExist")
                .mayRefuse(volume.filter(Volume::deleted).isPresent(), "xVolumeIDDoesNotExist").expect();
        }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            Volume volume = world.on(on).volume(volumeId).orElseThrow();
            JsonNode stats = result.path("volumeStats");
            JsonNode delay = stats.path("asyncDelay");
            boolean none = volume.pair().isEmpty() || volume.pair().get().mode().equals("SnapshotsOnly");
            boolean active = volume.pair().isPresent() && States.settled(world, on, volume).equals(Set.of("Active"));
            if (stats.path("volumeSize").longValue() != volume.sizeBytes()) return List.of("volumeSize is " + stats.path("volumeSize"));
            if (none && !delay.isNull()) return List.of("asyncDelay is " + delay + ", though nothing is shipped");
            if (active && volume.access().equals("readWrite") && delay.isNull()) return List.of("asyncDelay is null on an active source");
            if (active && volume.access().equals("replicationTarget") && !delay.asText().equals("00:00:00.000000")) {
                return List.of("asyncDelay is " + delay + " on an active target");
            }
            return List.of();
        }
    }

    /** A method without params that tells about the cluster itself. */
    public record Look(String method) implements Call {
        @Override public ObjectNode params() { return Call.none(); }

        @Override public Expectation expect(World world, Side on) { return Expectation.rules().expect(); }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) {
            return switch (method) {
                case "GetLimits" -> Spec.load().limits().values().stream()
                    .filter(l -> result.path(l.name()).longValue() != l.value()).map(l -> l.name() + " is not " + l.value()).toList();
                case "GetAPI" -> result.has(result.path("currentVersion").asText()) ? List.of() : List.of("ER-7: GetAPI lists no methods of its currentVersion");
                default -> List.of();
            };
        }
    }

    /** A request that is wrong whatever the world. */
    public record Malformed(String method, ObjectNode params, String refusal) implements Call {
        @Override public Expectation expect(World world, Side on) { return Expectation.refused(refusal); }

        @Override public List<String> succeeded(World world, Side on, JsonNode result) { return List.of(); }
    }

    private static List<String> listed(Stream<Volume> expected, JsonNode result) {
        List<Long> ids = StreamSupport.stream(result.path("volumes").spliterator(), false).map(v -> v.path("volumeID").longValue()).toList();
        List<Long> due = expected.map(Volume::id).toList();
        return ids.equals(due) ? List.of() : List.of("volumes " + ids + " are listed instead of " + due);
    }
}
