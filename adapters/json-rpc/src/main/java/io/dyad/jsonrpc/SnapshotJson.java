package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.SnapshotInfo;
import io.dyad.cluster.SnapshotInfo.Remote;
import io.dyad.domain.Snapshot;
import io.dyad.domain.Snapshot.Group;
import io.dyad.domain.Snapshot.Origin;
import io.dyad.domain.Snapshot.Terms;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Snapshots and group snapshots as the wire shows them (Element 12.x API, types Snapshot, GroupSnapshot). */
final class SnapshotJson {
    static final String CHECKSUM = "0x0";
    private static final UUID NO_GROUP = new UUID(0, 0);
    /** From what may be amiss to what is well: the first of its members' says how a group stands. */
    private static final List<String> WORST_FIRST = List.of("Unknown", "Deleted", "Not Present", "Syncing", "Present");

    private SnapshotJson() { }

    static ObjectNode of(SnapshotInfo info) {
        Snapshot s = info.snapshot();
        Terms t = s.terms();
        ObjectNode json = Json.object().put("snapshotID", s.id().value()).put("snapshotUUID", s.uuid().toString());
        json.put("volumeID", s.volume().value()).put("volumeName", info.volumeName()).put("name", name(s)).put("checksum", CHECKSUM).put("status", status(s));
        json.put("createTime", time(s.created())).put("totalSize", s.sizeBytes()).put("enableRemoteReplication", t.replicated());
        json.put("expirationReason", t.expires().isPresent() ? "Api" : "None");
        t.expires().ifPresentOrElse(at -> json.put("expirationTime", time(at)), () -> json.putNull("expirationTime"));
        json.put("groupID", s.group().map(Group::id).orElse(0L)).put("groupSnapshotUUID", s.group().map(Group::uuid).orElse(NO_GROUP).toString());
        json.put("instanceCreateTime", time(s.copied())).put("instanceSnapshotUUID", s.instance().toString());
        t.label().ifPresentOrElse(label -> json.put("snapMirrorLabel", label), () -> json.putNull("snapMirrorLabel"));
        json.putNull("virtualVolumeID").set("attributes", Json.tree(t.attributes()));
        info.remote().ifPresent(r -> json.putArray("remoteStatuses").addObject().put("remoteStatus", r.status()).put("volumePairUUID", r.volumePair().toString()));
        return json;
    }

    /** What nobody has named yet goes by its time, or by what it was kept for. */
    private static String name(Snapshot s) {
        if (!s.terms().name().isEmpty()) return s.terms().name();
        return (s.origin() == Origin.KEPT ? "dyad-before-resync-" : "") + time(s.created());
    }

    private static String status(Snapshot s) {
        return switch (s.phase()) {
            case PREPARING -> "preparing";
            case SYNCING   -> "remoteSyncing";
            case DONE      -> "done";
        };
    }

    static String time(Instant at) { return at.truncatedTo(ChronoUnit.SECONDS).toString(); }

    /** A group by its members, at least one. */
    static ObjectNode group(List<SnapshotInfo> members) {
        Snapshot first = members.getFirst().snapshot();
        Group group = first.group().orElseThrow();
        ObjectNode json = Json.object().put("groupSnapshotID", group.id()).put("groupSnapshotUUID", group.uuid().toString()).put("name", name(first));
        json.put("createTime", time(first.created())).put("enableRemoteReplication", first.terms().replicated());
        json.put("status", members.stream().map(m -> status(m.snapshot())).filter(s -> !s.equals("done")).findFirst().orElse("done"));
        json.set("attributes", Json.tree(first.terms().attributes()));
        ArrayNode list = json.putArray("members");
        members.forEach(m -> list.add(of(m)));
        members.stream().map(SnapshotInfo::remote).flatMap(Optional::stream).map(Remote::status).min(Comparator.comparingInt(WORST_FIRST::indexOf))
            .ifPresent(worst -> json.putArray("remoteStatuses").addObject().put("remoteStatus", worst));
        return json;
    }

    static ArrayNode members(ArrayNode list, List<SnapshotInfo> members) {
        members.forEach(m -> list.addObject().put("volumeID", m.snapshot().volume().value()).put("snapshotID", m.snapshot().id().value()).put("checksum", CHECKSUM));
        return list;
    }
}
