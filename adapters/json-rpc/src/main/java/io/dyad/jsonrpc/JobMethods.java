package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.JobInfo;
import io.dyad.cluster.SyncJob;
import io.dyad.domain.Job.Kind;
import io.dyad.domain.Job.Outcome;
import io.dyad.domain.JobId;
import io.dyad.domain.Refusal;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.MethodTable.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The methods that tell of work in the background. */
final class JobMethods {
    private static final long BLOCK_BYTES = 4096;
    private static final int NODE = 1;
    private final Cluster cluster;

    JobMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() {
        return Map.of(
            "GetAsyncResult", this::result,
            "ListAsyncResults", this::list,
            "ListSyncJobs", call -> syncJobs());
    }

    /** A result that was read is forgotten, unless it is to be kept. */
    private ObjectNode result(Call call) {
        long handle = call.integer("asyncHandle");
        JobInfo job = (handle < 1 ? Optional.<JobInfo>empty() : cluster.jobs().find(new JobId(handle)))
            .orElseThrow(() -> ApiException.of(Refusal.JOB_DOES_NOT_EXIST, "asyncHandle " + handle));
        ObjectNode json = Json.object().put("status", job.outcome().isPresent() ? "complete" : "running").put("resultType", type(job.job().kind()));
        json.put("createTime", SnapshotJson.time(job.job().started())).put("lastUpdateTime", SnapshotJson.time(job.updated()));
        job.outcome().ifPresentOrElse(o -> ended(json, job, o), () -> progress(json.putObject("details"), job));
        if (job.outcome().isPresent() && !call.flag("keepResult").orElse(false)) cluster.jobs().forget(job.job().id(), call.cause());
        return json;
    }

    private static void ended(ObjectNode json, JobInfo job, Outcome outcome) {
        if (outcome.success()) json.set("result", done(job));
        else json.set("error", ApiException.of("xJobFailed", Map.of("problem", outcome.message())).json());
    }

    private static ObjectNode done(JobInfo job) {
        return Json.object().put("message", type(job.job().kind()) + " complete.").put("cloneID", job.job().id().value())
            .put("volumeID", job.job().parts().getFirst().target().value());
    }

    private static void progress(ObjectNode json, JobInfo job) {
        json.put("currentBytes", job.doneBytes()).put("totalBytes", job.totalBytes()).put("percentComplete", job.totalBytes() == 0 ? 0 : 100 * job.doneBytes() / job.totalBytes());
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case CLONE, COPY -> "Clone";
            case ROLLBACK    -> "Rollback";
        };
    }

    private ObjectNode list(Call call) {
        List<String> types = call.texts("asyncResultTypes");
        ObjectNode result = Json.object();
        ArrayNode handles = result.putArray("asyncHandles");
        cluster.jobs().all().stream().filter(j -> types.isEmpty() || types.contains(type(j.job().kind()))).forEach(j -> {
            ObjectNode json = handles.addObject().put("asyncResultID", j.job().id().value()).put("completed", j.outcome().isPresent()).put("resultType", type(j.job().kind()));
            json.put("success", j.outcome().map(Outcome::success).orElse(false));
            json.put("createTime", SnapshotJson.time(j.job().started())).put("lastUpdateTime", SnapshotJson.time(j.updated()));
            ObjectNode data = json.putObject("data").put("cloneID", j.job().id().value()).put("volumeID", j.job().parts().getFirst().target().value());
            j.outcome().ifPresentOrElse(o -> data.put("message", o.success() ? type(j.job().kind()) + " complete." : o.message()), () -> progress(data, j));
        });
        return result;
    }

    private ObjectNode syncJobs() {
        ObjectNode result = Json.object();
        ArrayNode jobs = result.putArray("syncJobs");
        cluster.jobs().syncJobs().forEach(j -> jobs.add(json(j)));
        return result;
    }

    /** What there is none of is 0; {@code srcVolumeID} of a remote one is the other cluster's to say. */
    private static ObjectNode json(SyncJob j) {
        boolean remote = j.job().isEmpty();
        ObjectNode json = Json.object().put("type", remote ? "remote" : "clone").put("stage", "data").put("branchType", j.snapshot().isPresent() ? "snapshot" : "volume");
        json.put("dstVolumeID", j.target().value()).put("sliceID", j.target().value()).put("srcVolumeID", j.source().map(VolumeId::value).orElse(0L));
        json.put("snapshotID", j.snapshot().map(SnapshotId::value).orElse(0L)).put("cloneID", j.job().map(JobId::value).orElse(0L));
        json.put("nodeID", NODE).put("dstServiceID", NODE).put("srcServiceID", remote ? 0 : NODE);
        json.put("currentBytes", j.doneBytes()).put("totalBytes", j.totalBytes()).put("percentComplete", (long) j.percent());
        json.put("bytesPerSecond", (long) j.bytesPerSecond()).put("blocksPerSecond", (long) j.bytesPerSecond() / BLOCK_BYTES).put("elapsedTime", j.elapsed().toSeconds());
        j.secondsLeft().ifPresentOrElse(left -> json.put("remainingTime", left), () -> json.putNull("remainingTime"));
        return json;
    }
}
