package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.JobInfo;
import io.dyad.cluster.SnapshotInfo;
import io.dyad.domain.Refusal;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The methods of snapshots of single volumes. */
final class SnapshotMethods {
    private final Cluster cluster;

    SnapshotMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "CreateSnapshot", this::create,
            "ListSnapshots", this::list,
            "ModifySnapshot", this::modify,
            "DeleteSnapshot", this::delete,
            "RollbackToSnapshot", this::rollback);
    }

    private ObjectNode create(Call call) {
        Terms terms = SnapshotTerms.of(call);
        boolean serial = call.flag("ensureSerialCreation").orElse(false);
        if (call.param("snapshotID").isEmpty()) return taken(cluster.snapshots().take(call.volumeId(), terms, serial, call.cause()));
        return taken(cluster.snapshots().copy(ofVolume(call).snapshot().id(), terms, serial, call.cause()));
    }

    private static ObjectNode taken(SnapshotInfo info) {
        ObjectNode result = Json.object().put("checksum", SnapshotJson.CHECKSUM).put("snapshotID", info.snapshot().id().value());
        result.set("snapshot", SnapshotJson.of(info));
        return result;
    }

    private ObjectNode list(Call call) {
        Optional<VolumeId> volume = call.param("volumeID").map(id -> existing(Call.volumeId(id.longValue())));
        Optional<SnapshotId> one = call.param("snapshotID").map(id -> existing(snapshotId(id.longValue())).snapshot().id());
        ObjectNode result = Json.object();
        ArrayNode snapshots = result.putArray("snapshots");
        cluster.snapshots().all().stream().filter(s -> volume.map(s.snapshot().volume()::equals).orElse(true) && one.map(s.snapshot().id()::equals).orElse(true))
            .forEach(s -> snapshots.add(SnapshotJson.of(s)));
        return result;
    }

    private VolumeId existing(VolumeId id) {
        if (cluster.volume(id).isEmpty()) throw ApiException.of(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id);
        return id;
    }

    private SnapshotInfo existing(SnapshotId id) {
        return cluster.snapshots().all().stream().filter(s -> s.snapshot().id().equals(id)).findFirst().orElseThrow(() -> missing(id.value()));
    }

    static SnapshotId snapshotId(long id) {
        if (id < 1) throw missing(id);
        return new SnapshotId(id);
    }

    private static ApiException missing(long id) { return ApiException.of(Refusal.SNAPSHOT_DOES_NOT_EXIST, "snapshot " + id); }

    private ObjectNode modify(Call call) {
        ObjectNode result = Json.object();
        result.set("snapshot", SnapshotJson.of(cluster.snapshots().modify(snapshotId(call.integer("snapshotID")), SnapshotTerms.change(call), call.cause())));
        return result;
    }

    private ObjectNode delete(Call call) {
        cluster.snapshots().delete(snapshotId(call.integer("snapshotID")), call.cause());
        return Json.object();
    }

    /** The snapshot that is named, one of the volume that is named. */
    private SnapshotInfo ofVolume(Call call) {
        SnapshotInfo named = existing(snapshotId(call.integer("snapshotID")));
        if (!named.snapshot().volume().equals(existing(call.volumeId()))) throw missing(call.integer("snapshotID"));
        return named;
    }

    private ObjectNode rollback(Call call) {
        SnapshotInfo to = ofVolume(call);
        ObjectNode result = call.flag("saveCurrentState").orElse(false)
            ? taken(cluster.snapshots().take(to.snapshot().volume(), saved(call, to), false, call.cause())) : Json.object();
        rolledBack(cluster, List.of(to.snapshot().id()), call);
        return result;
    }

    /** The name of what is saved, as the reference has it. */
    static Terms saved(Call call, SnapshotInfo to) {
        Terms asked = SnapshotTerms.of(call);
        String name = asked.name().isEmpty() ? to.snapshot().terms().name() + " - copy" : asked.name();
        return new Terms(name, false, Optional.empty(), Optional.empty(), asked.attributes());
    }

    /** Nobody got a handle, so nobody would read the result. */
    static void rolledBack(Cluster cluster, List<SnapshotId> to, Call call) {
        JobInfo job = cluster.jobs().rollback(to, call.cause());
        cluster.jobs().forget(job.job().id(), call.cause());
        job.outcome().filter(o -> !o.success()).ifPresent(o -> { throw new IllegalStateException("roll-back to " + to + ": " + o.message()); });
    }
}
