package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Fault;
import io.dyad.domain.FaultCode;
import io.dyad.jsonrpc.MethodTable.Method;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.Predicate;

/** The methods that tell what happened: events and faults. */
final class HistoryMethods {
    private static final long NODE = 1;

    private final Cluster cluster;

    HistoryMethods(Cluster cluster) { this.cluster = cluster; }

    Map<String, Method> table() { return Map.of("ListEvents", this::events, "ListClusterFaults", this::faults); }

    private ObjectNode events(Call call) {
        ObjectNode result = Json.object().put("eventQueueType", "");
        ArrayNode events = result.putArray("events");
        cluster.history().events().reversed().stream().filter(wanted(call)).limit(call.param("maxEvents").map(JsonNode::longValue).orElse(Long.MAX_VALUE))
            .forEach(e -> events.add(EventJson.of(e)));
        return result;
    }

    private static Predicate<Recorded> wanted(Call call) {
        long first = call.param("startEventID").map(JsonNode::longValue).orElse(Long.MIN_VALUE);
        long last = call.param("endEventID").map(JsonNode::longValue).orElse(Long.MAX_VALUE);
        Instant from = later(time(call, "startReportTime", Instant.MIN), time(call, "startPublishTime", Instant.MIN));
        Instant to = earlier(time(call, "endReportTime", Instant.MAX), time(call, "endPublishTime", Instant.MAX));
        Predicate<Recorded> inRange = e -> e.position() >= first && e.position() <= last && !e.at().isBefore(from) && !e.at().isAfter(to);
        return inRange.and(e -> call.param("eventType").map(t -> t.textValue().equals(EventJson.type(e))).orElse(true))
            .and(e -> asks(call, "nodeID", NODE) && asks(call, "serviceID", 0) && asks(call, "driveID", 0));
    }

    private static boolean asks(Call call, String param, long own) { return call.param(param).map(JsonNode::longValue).orElse(own) == own; }

    private static Instant time(Call call, String param, Instant otherwise) { return call.param(param).map(t -> instant(param, t.textValue())).orElse(otherwise); }

    private static Instant instant(String param, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw ApiException.of("xInvalidParameter", Map.of("problem", param + ": is no point in time"));
        }
    }

    private static Instant later(Instant a, Instant b) { return a.isAfter(b) ? a : b; }

    private static Instant earlier(Instant a, Instant b) { return a.isBefore(b) ? a : b; }

    private ObjectNode faults(Call call) {
        ObjectNode result = Json.object();
        ArrayNode faults = result.putArray("faults");
        String wanted = call.text("faultTypes");
        if (!wanted.equals("resolved")) cluster.history().faults().forEach(f -> faults.add(json(f, "")));
        if (!wanted.equals("current")) cluster.history().resolvedFaults().forEach(r -> faults.add(json(r.fault(), VolumeJson.time(r.at()))));
        return result;
    }

    private static ObjectNode json(Fault fault, String resolved) {
        ObjectNode json = Json.object().put("clusterFaultID", fault.id()).put("code", fault.code().wire()).put("date", VolumeJson.time(fault.since()));
        json.put("details", fault.details()).put("driveID", 0).putArray("driveIDs");
        json.put("nodeHardwareFaultID", 0).put("nodeID", NODE).put("serviceID", 0).put("type", "cluster").put("severity", severity(fault.code()));
        return json.put("resolved", !resolved.isEmpty()).put("resolvedDate", resolved);
    }

    private static String severity(FaultCode code) {
        return switch (code) {
            case DISCONNECTED_CLUSTER_PAIR, ASYNC_DELAY_EXCEEDED, SNAPSHOTS_EXCEEDED_LIMIT -> "warning";
            case CLUSTER_FULL, SNAPSHOT_CLUSTER_FULL, BLOCKS_DEGRADED -> "error";
        };
    }
}
