package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.domain.Refusal;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.MethodTable.Method;
import io.dyad.replication.Verification;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Methods of ours, no part of the vendor's API: both ends of a pair compared while they run. The last comparison of a volume can be asked about until this process ends. */
final class VerificationMethods {
    private final Cluster cluster;
    private final Map<VolumeId, Verification> last = new ConcurrentHashMap<>();

    VerificationMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() { return Map.of("DyadVerifyVolumePair", this::verify, "DyadGetVerification", this::get); }

    private ObjectNode verify(Call call) {
        VolumeId id = call.volumeId();
        last.put(id, cluster.verify(id, call.flag("repair").orElse(false)));
        return Json.object();
    }

    private ObjectNode get(Call call) {
        VolumeId id = call.volumeId();
        if (cluster.volume(id).isEmpty()) throw ApiException.of(Refusal.VOLUME_DOES_NOT_EXIST, "volume " + id);
        Optional<Verification> asked = Optional.ofNullable(last.get(id));
        ObjectNode json = Json.object().put("status", asked.map(VerificationMethods::status).orElse("none"));
        json.put("comparedBytes", asked.map(Verification::comparedBytes).orElse(0L)).put("totalBytes", asked.map(Verification::totalBytes).orElse(0L));
        Optional<Verification.Result> result = asked.flatMap(Verification::result);
        json.put("differingBlocks", result.map(Verification.Result::differing).orElse(0L)).put("damagedBlocks", result.map(Verification.Result::damaged).orElse(0L));
        json.put("repaired", result.map(Verification.Result::repaired).orElse(false)).put("root", result.map(Verification.Result::root).orElse(""));
        return json.put("details", asked.map(Verification::failure).orElse(""));
    }

    private static String status(Verification asked) {
        if (asked.result().isPresent()) return "complete";
        return asked.failure().isEmpty() ? "running" : "failed";
    }
}
