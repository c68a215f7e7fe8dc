package io.dyad.testkit.kit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.testkit.model.Call;
import java.util.List;

/** The removal of every pair and volume by the API itself; accounts stay, for no method removes them. */
final class Emptying {
    private Emptying() { }

    static void of(TwoClusters clusters) {
        List<ElementEndpoint> both = List.of(clusters.a(), clusters.b());
        both.forEach(Emptying::volumes);
        both.forEach(e -> Listing.each(Listing.ask(e, "ListClusterPairs").path("clusterPairs"))
            .forEach(p -> must(e, "RemoveClusterPair", Call.none().put("clusterPairID", p.path("clusterPairID").longValue()))));
    }

    private static void volumes(ElementEndpoint endpoint) {
        Listing.each(Listing.ask(endpoint, "ListVolumes").path("volumes")).forEach(volume -> {
            ObjectNode named = Call.none().put("volumeID", volume.path("volumeID").longValue());
            if (volume.path("status").asText().equals("active")) {
                must(endpoint, "RemoveVolumePair", named);
                must(endpoint, "DeleteVolume", named);
            }
            must(endpoint, "PurgeDeletedVolume", named);
        });
    }

    private static void must(ElementEndpoint endpoint, String method, ObjectNode params) {
        try {
            endpoint.call(method, params);
        } catch (ApiError e) {
            throw new AssertionError("a cluster cannot be emptied: " + method + " is refused with " + e.name() + ", " + e.message(), e);
        }
    }
}
