package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as other people's clients spell them, and of the answers what those clients read: Trident, the Prometheus exporter, Terraform, the Python SDK under Ansible. */
@Timeout(120)
class OtherClientsTest {
    @TempDir private Path dir;
    private ServedCluster cluster;
    private long volume;

    @BeforeEach void open() throws IOException {
        cluster = ServedCluster.open(dir, "east");
        cluster.ask("AddAccount", "{'username':'shop'}");
        volume = cluster.ask("CreateVolume", "{'name':'pvc-1','accountID':1,'totalSize':1000000000}").get("volumeID").longValue();
    }

    @AfterEach void close() { cluster.close(); }

    private JsonNode result(String version, String request) {
        JsonNode answer = cluster.exchange(version, request);
        assertThat(answer.has("result")).as(answer.toString()).isTrue();
        return answer.get("result");
    }

    private String call(String method, String params) { return "{'method':'" + method + "','params':" + params + ",'id':42}"; }

    /** Structures of Go are sent whole, with 0 and "" for what nobody set. */
    @Test void trident_creates_snapshots_clones_and_grows() throws IOException {
        cluster.write(volume, 0, "of the claim");
        long made = result("8.0", call("CreateVolume", "{'name':'pvc-2','accountID':1,'totalSize':1000000000,'enable512e':false,'qos':{'minIOPS':100,'maxIOPS':200,'burstIOPS':300},"
            + "'attributes':{'trident':'{\\\"version\\\":\\\"1\\\"}','docker-name':'pvc-2'}}")).get("volumeID").longValue();
        assertThat(result("8.0", call("ListVolumes", "{'accounts':[1],'startVolumeID':" + made + ",'limit':1}")).at("/volumes/0/volumeID").longValue()).isEqualTo(made);
        long snapshot = result("8.0", call("CreateSnapshot", "{'volumeID':" + volume + ",'snapshotID':0,'name':'s','enableRemoteReplication':false,'retention':'','attributes':null}"))
            .get("snapshotID").longValue();
        cluster.write(volume, 0, "changed");
        long clone = result("8.0", call("CloneVolume", "{'volumeID':" + volume + ",'name':'pvc-3','newAccountID':0,'newSize':0,'access':'','snapshotID':" + snapshot
            + ",'attributes':{'docker-name':'pvc-3'}}")).get("volumeID").longValue();
        JsonNode shown = result("8.0", call("ListVolumes", "{'accounts':[1],'startVolumeID':" + clone + ",'limit':1}")).at("/volumes/0");
        assertThat(shown.get("volumeID").longValue()).isEqualTo(clone);
        assertThat(shown.get("accountID").longValue()).isEqualTo(1);
        GivenState.until(() -> reads(clone, "of the claim"));
        result("8.0", call("CloneVolume", "{'volumeID':" + volume + ",'name':'pvc-4','newAccountID':0,'newSize':0,'access':'','snapshotID':0,'attributes':null}"));
        result("8.0", call("ModifyVolume", "{'volumeID':" + made + ",'qos':{},'totalSize':2000000000}"));
        JsonNode qos = result("8.0", call("ListVolumes", "{'accounts':[1],'startVolumeID':" + made + ",'limit':1}")).at("/volumes/0/qos");
        assertThat(qos.get("minIOPS").longValue()).as("an empty qos changes nothing").isEqualTo(100);
        result("8.0", call("RollbackToSnapshot", "{'volumeID':" + volume + ",'snapshotID':" + snapshot + ",'saveCurrentState':false,'name':'','attributes':null}"));
        assertThat(cluster.exchange("8.0", call("GetAccountByName", "{'username':'nobody'}")).at("/error/message").asText()).isEqualTo("xUnknownAccount");
    }

    private boolean reads(long id, String content) {
        try {
            return cluster.read(id, 0).equals(content);
        } catch (IOException suspended) {
            return false;
        }
    }

    /** The param is younger than the endpoint it is sent to, and meant all the same. */
    @Test void cinder_replicates_a_snapshot_by_an_endpoint_of_6_0() {
        result("6.0", call("CreateSnapshot", "{'volumeID':" + volume + ",'name':'UUID-s','enableRemoteReplication':true}"));
        assertThat(result("6.0", call("ListSnapshots", "{}")).at("/snapshots/0/enableRemoteReplication").booleanValue()).isTrue();
    }

    @Test void the_exporter_scrapes_what_go_can_read() {
        assertThat(result("11.3", call("ListVolumeStats", "{'volumeIDs':[],'includeVirtualVolumes':true}")).get("volumeStats")).as("blank gives us all of them").hasSize(1);
        JsonNode listed = result("11.3", call("ListVolumes", "{'includeVirtualVolumes':true}")).at("/volumes/0");
        assertThat(OffsetDateTime.parse(listed.get("createTime").textValue())).isNotNull();
        assertThat(OffsetDateTime.parse(result("11.3", call("GetClusterCapacity", "{}")).at("/clusterCapacity/timestamp").textValue())).isNotNull();
        assertThat(OffsetDateTime.parse(result("11.3", call("ListNodeStats", "{}")).at("/nodeStats/nodes/0/timestamp").textValue())).isNotNull();
        assertThat(result("11.3", call("ListClusterFaults", "{'faultTypes':'current','bestPractices':true}")).get("faults")).isEmpty();
        for (String method : new String[] {"ListAllNodes", "GetClusterStats", "GetClusterFullThreshold", "ListDrives", "ListISCSISessions", "ListAccounts",
            "ListVolumeAccessGroups", "ListBulkVolumeJobs", "ListAsyncResults"}) {
            assertThat(result("11.3", call(method, "{}")).isObject()).isTrue();
        }
        assertThat(cluster.exchange("11.3", call("ListVolumeQoSHistograms", "{'volumeIDs':[]}")).at("/error/name").asText()).isEqualTo("xUnknownAPIMethod");
    }

    /** Its result type has no room for an answer without. */
    @Test void a_change_of_several_volumes_tells_the_quality_of_service_they_have() {
        JsonNode changed = result("9.0", call("ModifyVolumes", "{'volumeIDs':[" + volume + "],'attributes':{'a':1}}"));
        assertThat(changed.at("/qos/minIOPS")).isEqualTo(changed.at("/volumes/0/qos/minIOPS"));
        assertThat(result("9.0", call("ModifyVolumes", "{'volumeIDs':[]}")).at("/qos/maxIOPS").longValue()).isEqualTo(15_000);
    }

    @Test void terraform_finds_its_volume_among_those_of_an_account() {
        assertThat(result("12.0", call("ListVolumes", "{'volumeName':'pvc-1','accounts':[1]}")).get("volumes")).hasSize(1);
        assertThat(result("12.0", call("ListVolumes", "{'volumeIDs':[" + volume + "],'includeVirtualVolumes':false}")).at("/volumes/0/iqn").asText()).contains(".pvc-1." + volume);
    }

    @Test void ansible_by_the_python_sdk_reads_versions_as_decimals_and_pairs_as_it_is_told() {
        JsonNode api = result("7.0", call("GetAPI", "{}"));
        assertThat(Double.parseDouble(api.get("currentVersion").asText())).isEqualTo(12.5);
        api.get("supportedVersions").forEach(v -> assertThat(Double.parseDouble(v.asText())).isBetween(1.0, 12.5));
        assertThat(result("12.5", call("ListVolumes", "{'accounts':[1],'isPaired':false}")).get("volumes")).hasSize(1);
        assertThat(result("12.5", call("StartVolumePairing", "{'volumeID':" + volume + ",'mode':'snapshotsonly'}")).get("volumePairingKey").asText()).matches("[0-9a-f]+");
        assertThat(result("12.5", call("ListActivePairedVolumes", "{}")).at("/volumes/0/volumePairs/0/remoteReplication/mode").asText()).isEqualTo("SnapshotsOnly");
        result("12.5", call("RemoveVolumePair", "{'volumeID':" + volume + "}"));
    }

    @ParameterizedTest @ValueSource(strings = {"application/json-rpc", "application/json; charset=utf-8", "text/plain", ""})
    void any_content_type_is_read(String type) {
        var request = cluster.client().request("/json-rpc/12.5/").POST(BodyPublishers.ofString("{\"method\":\"GetClusterInfo\",\"params\":{}}"));
        assertThat(cluster.client().send((type.isEmpty() ? request : request.header("Content-Type", type)).build()).body()).contains("clusterInfo");
    }
}
