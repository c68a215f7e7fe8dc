package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.domain.ClusterPairEvent;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.FaultsEvent;
import io.dyad.domain.VolumePairEvent;
import io.dyad.spec.Spec;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** An event of the log as the wire shows it (Element 12.x API, type EventInfo). Events hold no secrets. */
final class EventJson {
    private EventJson() { }

    static ObjectNode of(Recorded recorded) {
        String at = recorded.at().truncatedTo(ChronoUnit.MILLIS).toString();
        ObjectNode json = Json.object().put("eventID", recorded.position()).put("eventInfoType", type(recorded)).put("message", message(recorded));
        json.put("severity", 0).put("serviceID", 0).put("nodeID", 1).put("driveID", 0).putArray("driveIDs");
        json.put("timeOfReport", at).put("timeOfPublish", at);
        return json.put("details", recorded.aggregate());
    }

    /** Who called it an event: a caller of the API, the cluster's own clock, or the other cluster. */
    static String type(Recorded recorded) {
        if (Spec.load().methods().containsKey(recorded.cause().call())) return "apiEvent";
        return switch (recorded.event()) {
            case ClusterPairEvent e -> "remoteClusterEvent";
            case VolumePairEvent e  -> "remoteClusterEvent";
            case FaultsEvent e      -> "clusterMasterEvent";
            case Event e            -> recorded.cause().call().equals("expiry") ? "schedulerEvent" : "serviceEvent";
        };
    }

    /** {@code VolumeAccessChanged} of {@code volume/7} by {@code ModifyVolume}: "Volume access changed: volume/7 (ModifyVolume by admin)". */
    private static String message(Recorded recorded) {
        String name = recorded.event().getClass().getSimpleName();
        String words = name.charAt(0) + name.substring(1).replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return words + ": " + recorded.aggregate() + " (" + recorded.cause().call() + " by " + recorded.cause().who() + ")";
    }
}
