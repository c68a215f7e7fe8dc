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

    /** Its structures are sent whole too: 0 where no quality of service was set, null for attributes and lists, and params that nobody knows. */
    @Test void terraform_makes_changes_and_removes_a_volume_and_its_group() {
        JsonNode made = result("12.0", call("CreateVolume", "{'name':'tf','accountID':1,'totalSize':1000000000,'enable512e':true,'attributes':null,'qos':{'minIOPS':0,'maxIOPS':0,'burstIOPS':0}}"));
        long tf = made.get("volumeID").longValue();
        assertThat(made.at("/volume/iqn").asText()).endsWith(".tf." + tf);
        assertThat(made.at("/volume/qos/minIOPS").intValue()).isEqualTo(50);
        JsonNode changed = result("12.0", call("ModifyVolume", "{'volumeID':" + tf + ",'accountID':1,'attributes':null,'qos':{'minIOPS':100,'maxIOPS':0,'burstIOPS':0},'totalSize':2000000000}"));
        assertThat(changed.at("/volume/qos/minIOPS").intValue()).isEqualTo(100);
        long group = result("12.0", call("CreateVolumeAccessGroup", "{'name':'tf','initiators':null,'volumes':[" + tf + "],'attributes':null,'id':0}")).get("volumeAccessGroupID").longValue();
        result("12.0", call("ModifyVolumeAccessGroup", "{'volumeAccessGroupID':" + group + ",'name':'tf2','attributes':null,'initiators':null,'deleteOrphanInitiators':false,'volumes':[" + tf + "]}"));
        assertThat(result("12.0", call("ListVolumeAccessGroups", "{'volumeAccessGroups':[" + group + "]}")).at("/volumeAccessGroups/0/volumes/0").longValue()).isEqualTo(tf);
        result("12.0", call("DeleteVolumeAccessGroup", "{'volumeAccessGroupID':" + group + ",'deleteOrphanInitiators':false,'force':false}"));
        result("12.0", call("DeleteVolume", "{'volumeID':" + tf + "}"));
        result("12.0", call("PurgeDeletedVolume", "{'volumeID':" + tf + "}"));
        assertThat(result("12.0", call("ListVolumes", "{'volumeIDs':[" + tf + "],'includeVirtualVolumes':false}")).get("volumes")).isEmpty();
        assertThat(cluster.exchange("12.0", call("GetAccountByID", "{'accountID':99}")).at("/error/name").asText()).isEqualTo("xUnknownAccount");
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

    /** What netapp.elementsw's modules cluster_pair and volume_pair send and read, by the Python SDK, one cluster after the other. */
    @Test void ansible_pairs_clusters_and_volumes_and_finds_them_paired_the_second_time() throws IOException {
        try (var west = ServedCluster.open(dir, "west")) {
            assertThat(result("12.5", call("ListClusterPairs", "{}")).get("clusterPairs")).isEmpty();
            String clusterKey = result("12.5", call("StartClusterPairing", "{}")).get("clusterPairingKey").asText();
            west.ask("CompleteClusterPairing", "{'clusterPairingKey':'" + clusterKey + "'}");
            JsonNode here = result("12.5", call("ListClusterPairs", "{}")).at("/clusterPairs/0");
            assertThat(here.get("mvip").asText()).as("the other one's address, by which the module finds the pair").isEqualTo(west.cluster().info().mvip());
            assertThat(west.ask("ListClusterPairs", "{}").at("/clusterPairs/0/mvip").asText()).isEqualTo(cluster.cluster().info().mvip());

            west.ask("AddAccount", "{'username':'shop','attributes':{'config-mgmt':'ansible','event-source':'na_elementsw_account'}}");
            long target = west.ask("CreateVolume", "{'name':'pvc-1','accountID':1,'totalSize':1000000000,'enable512e':true,'attributes':{'config-mgmt':'ansible'}}").get("volumeID").longValue();
            assertThat(west.ask("ListVolumesForAccount", "{'accountID':1}").at("/volumes/0/deleteTime").asText()).as("that of a volume that exists").isEmpty();
            JsonNode changed = west.ask("ModifyVolume", "{'volumeID':" + target + ",'accountID':1,'access':'replicationTarget','attributes':{'config-mgmt':'ansible'},'totalSize':1000000000}");
            assertThat(changed.at("/volume/totalSize").longValue()).as("the size asked for, not the one it was rounded to").isEqualTo(1_000_341_504L);

            assertThat(result("12.5", call("ListVolumes", "{'volumeIDs':[" + volume + "],'isPaired':true}")).get("volumes")).isEmpty();
            String volumeKey = result("12.5", call("StartVolumePairing", "{'volumeID':" + volume + ",'mode':'sync'}")).get("volumePairingKey").asText();
            west.ask("CompleteVolumePairing", "{'volumePairingKey':'" + volumeKey + "','volumeID':" + target + "}");
            JsonNode paired = result("12.5", call("ListVolumes", "{'volumeIDs':[" + volume + "],'isPaired':true}")).at("/volumes/0/volumePairs/0");
            assertThat(paired.get("remoteVolumeID").longValue()).isEqualTo(target);
            assertThat(paired.at("/remoteReplication/mode").asText()).isEqualTo("Sync");

            assertThat(result("12.5", call("RemoveVolumePair", "{'volumeID':" + volume + "}"))).isEmpty();
            west.ask("RemoveVolumePair", "{'volumeID':" + target + "}");
            assertThat(result("12.5", call("RemoveClusterPair", "{'clusterPairID':" + here.get("clusterPairID") + "}"))).isEmpty();
        }
    }

    /** Its module snapshot sends null for what it read as null, and looks for snapshots by name. */
    @Test void ansible_makes_a_snapshot_changes_it_and_restores_it_as_a_volume() {
        long snapshot = result("12.5", call("CreateSnapshot", "{'volumeID':" + volume + ",'name':'s1','enableRemoteReplication':true,'retention':'72:00:00','snapMirrorLabel':'daily',"
            + "'attributes':{'config-mgmt':'ansible','event-source':'na_elementsw_snapshot'}}")).get("snapshotID").longValue();
        JsonNode listed = result("12.5", call("ListSnapshots", "{'volumeID':" + volume + "}")).at("/snapshots/0");
        assertThat(listed.get("name").asText()).isEqualTo("s1");
        assertThat(listed.get("expirationTime").isNull()).isFalse();
        assertThat(listed.get("snapMirrorLabel").asText()).isEqualTo("daily");
        String until = "2099-01-01T00:00:00Z";
        result("12.5", call("ModifySnapshot", "{'snapshotID':" + snapshot + ",'expirationTime':'" + until + "','enableRemoteReplication':true,'snapMirrorLabel':'daily'}"));
        assertThat(result("12.5", call("ListSnapshots", "{'volumeID':" + volume + "}")).at("/snapshots/0/expirationTime").asText()).as("compared as text").isEqualTo(until);
        result("12.5", call("CloneVolume", "{'volumeID':" + volume + ",'name':'restored','snapshotID':" + snapshot + ",'attributes':{'config-mgmt':'ansible'}}"));
        assertThat(result("12.5", call("ListVolumesForAccount", "{'accountID':1}")).get("volumes")).extracting(v -> v.get("name").asText()).contains("restored");
        result("12.5", call("DeleteSnapshot", "{'snapshotID':" + snapshot + "}"));
    }

    @Test void ansible_keeps_admins_accounts_and_access_groups() {
        result("12.5", call("AddClusterAdmin", "{'username':'op','password':'opop','access':['reporting','volumes'],'acceptEula':true,'attributes':{'config-mgmt':'ansible'}}"));
        JsonNode admin = result("12.5", call("ListClusterAdmins", "{}")).get("clusterAdmins").get(1);
        assertThat(admin.get("username").asText()).isEqualTo("op");
        result("12.5", call("ModifyClusterAdmin", "{'clusterAdminID':" + admin.get("clusterAdminID") + ",'password':'opop2','access':['reporting','volumes','accounts'],'attributes':{}}"));
        result("12.5", call("RemoveClusterAdmin", "{'clusterAdminID':" + admin.get("clusterAdminID") + "}"));
        result("12.5", call("ModifyAccount", "{'accountID':1,'username':'shop2','attributes':{'a':'b'}}"));
        assertThat(result("12.5", call("GetAccountByName", "{'username':'shop2'}")).at("/account/attributes/a").asText()).isEqualTo("b");
        long group = result("12.5", call("CreateVolumeAccessGroup", "{'name':'hosts','initiators':['iqn.2020-01.com.example:h'],'volumes':[" + volume + "],'attributes':{'g':'h'}}"))
            .get("volumeAccessGroupID").longValue();
        result("12.5", call("ModifyVolumeAccessGroup", "{'volumeAccessGroupID':" + group + ",'volumes':[],'attributes':{'g':'h'}}"));
        assertThat(result("12.5", call("ListVolumeAccessGroups", "{}")).at("/volumeAccessGroups/0/volumes")).isEmpty();
        result("12.5", call("DeleteVolumeAccessGroup", "{'volumeAccessGroupID':" + group + "}"));
    }

    @ParameterizedTest @ValueSource(strings = {"application/json-rpc", "application/json; charset=utf-8", "text/plain", ""})
    void any_content_type_is_read(String type) {
        var request = cluster.client().request("/json-rpc/12.5/").POST(BodyPublishers.ofString("{\"method\":\"GetClusterInfo\",\"params\":{}}"));
        assertThat(cluster.client().send((type.isEmpty() ? request : request.header("Content-Type", type)).build()).body()).contains("clusterInfo");
    }
}
