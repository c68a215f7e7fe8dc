package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over the past that {@link FakeHistory} has: 1 by a caller, 2 by the link, 3 by the clock, at 12:00:00, :01 and :02. */
class HistoryMethodsTest {
    private final FakeCluster cluster = new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443");
    private final JsonRpcServer server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), JsonRpcSettings.DEFAULT);
    private final Client client = Client.of(server);

    @AfterEach void close() {
        client.close();
        server.close();
    }

    private static ObjectNode of(String json) { return (ObjectNode) Client.json(json.replace('\'', '"')); }

    private static List<String> words(String text) { return text.isEmpty() ? List.of() : List.of(text.split(" ")); }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{}                                                        | 3 2 1",
        "{'maxEvents':2}                                           | 3 2",
        "{'maxEvents':0}                                           | ''",
        "{'startEventID':2}                                        | 3 2",
        "{'endEventID':2}                                          | 2 1",
        "{'startEventID':2,'endEventID':2}                         | 2",
        "{'eventType':'apiEvent'}                                  | 1",
        "{'eventType':'REMOTECLUSTEREVENT'}                        | 2",
        "{'eventType':'schedulerEvent'}                            | 3",
        "{'eventType':'driveEvent'}                                | ''",
        "{'startReportTime':'2026-01-01T12:00:01Z'}                | 3 2",
        "{'endReportTime':'2026-01-01T12:00:01Z'}                  | 2 1",
        "{'startPublishTime':'2026-01-01T12:00:01.001Z'}           | 3",
        "{'endPublishTime':'2026-01-01T12:00:00Z'}                 | 1",
        "{'startReportTime':'2026-01-01T12:00:01Z','startPublishTime':'2026-01-01T12:00:00Z','endReportTime':'2026-01-01T12:00:01Z'} | 2",
        "{'nodeID':1,'serviceID':0,'driveID':0}                    | 3 2 1",
        "{'nodeID':2}                                              | ''",
        "{'serviceID':7}                                           | ''",
        "{'driveID':7}                                             | ''"})
    void the_newest_comes_first_and_every_filter_counts(String params, String ids) {
        assertThat(client.result("ListEvents", of(params)).get("events").findValuesAsText("eventID")).isEqualTo(words(ids));
    }

    @Test void an_event_says_what_happened_to_what_and_who_asked_for_it() {
        JsonNode event = client.result("ListEvents", of("{'eventType':'apiEvent'}")).at("/events/0");
        assertThat(event.get("message").asText()).isEqualTo("Volume restored: volume/7 (RestoreDeletedVolume by admin)");
        assertThat(event.get("details").asText()).isEqualTo("volume/7");
        assertThat(event.get("timeOfReport").asText()).isEqualTo("2026-01-01T12:00:00Z");
    }

    @Test void what_is_no_point_in_time_and_what_is_no_type_is_refused() {
        assertThat(client.error("ListEvents", of("{'startReportTime':'2026-13-01T12:00:00Z'}"))).isEqualTo("xInvalidParameter");
        assertThat(client.error("ListEvents", of("{'eventType':'rumour'}"))).isEqualTo("xUnrecognizedEnumString");
        assertThat(client.error("ListEvents", of("{'maxEvents':-1}"))).isEqualTo("xInvalidParameter");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{} | 2 1", "{'faultTypes':'all'} | 2 1", "{'faultTypes':'current'} | 2", "{'faultTypes':'Resolved','bestPractices':true} | 1"})
    void faults_that_stand_and_faults_that_ended(String params, String ids) {
        assertThat(client.result("ListClusterFaults", of(params)).get("faults").findValuesAsText("clusterFaultID")).isEqualTo(words(ids));
    }

    @Test void a_fault_that_ended_says_when() {
        JsonNode fault = client.result("ListClusterFaults", of("{'faultTypes':'resolved'}")).at("/faults/0");
        assertThat(fault.get("code").asText()).isEqualTo("disconnectedClusterPair");
        assertThat(fault.get("severity").asText()).isEqualTo("warning");
        assertThat(fault.get("resolved").asBoolean()).isTrue();
        assertThat(fault.get("resolvedDate").asText()).isEqualTo("2026-01-01T12:00:09Z");
        assertThat(client.result("ListClusterFaults", of("{'faultTypes':'current'}")).at("/faults/0/severity").asText()).isEqualTo("error");
    }
}
