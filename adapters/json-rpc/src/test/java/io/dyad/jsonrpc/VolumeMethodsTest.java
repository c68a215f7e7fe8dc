package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeMethodsTest {
    private final FakeCluster cluster = new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443");
    private final JsonRpcServer server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), JsonRpcSettings.DEFAULT);
    private final Client client = Client.of(server);

    @BeforeEach void accounts() {
        for (String name : new String[] {"ann", "bob"}) client.result("AddAccount", Json.object().put("username", name));
    }

    @AfterEach void close() {
        client.close();
        server.close();
    }

    private static ObjectNode of(String json) { return (ObjectNode) Client.json(json.replace('\'', '"')); }

    private JsonNode create(String name, int account) {
        return client.result("CreateVolume", Json.object().put("name", name).put("accountID", account).put("totalSize", 1_000_000_000L));
    }

    /** 1 alpha of ann, 2 Beta of ann and offered for pairing, 3 alpha of bob, 4 of bob and deleted. */
    private void four() {
        create("alpha", 1);
        create("Beta", 1);
        create("alpha", 2);
        create("gone", 2);
        client.result("StartVolumePairing", of("{'volumeID':2}"));
        client.result("DeleteVolume", of("{'volumeID':4}"));
    }

    @Test void a_volume_is_shown_with_the_names_that_hosts_know_it_by() {
        JsonNode made = create("Beta-1", 1);
        assertThat(made.get("volumeID").asLong()).isEqualTo(1);
        assertThat(made.get("curve")).isEqualTo(made.at("/volume/qos/curve"));
        JsonNode volume = made.get("volume");
        assertThat(volume.get("iqn").asText()).isEqualTo("iqn.2010-01.com.solidfire:xsm6.beta-1.1");
        assertThat(volume.get("scsiEUIDeviceID").asText()).isEqualTo("78736d3600000001f47acc0100000000");
        assertThat(volume.get("scsiNAADeviceID").asText()).isEqualTo("6f47acc10000000078736d3600000001");
        assertThat(volume.get("createTime").asText()).isEqualTo("2021-03-09T04:40:43Z");
        assertThat(volume.get("totalSize").asLong()).isEqualTo(1_000_341_504L);
        assertThat(volume.get("volumeUUID")).isNotEqualTo(volume.get("volumeConsistencyGroupUUID"));
        assertThat(volume.at("/qos/curve").toString())
            .isEqualTo("{\"4096\":100,\"8192\":160,\"16384\":270,\"32768\":500,\"65536\":1000,\"131072\":1950,\"262144\":3900,\"524288\":7600,\"1048576\":15000}");
    }

    @Test void what_is_asked_of_a_new_volume_is_what_it_has() {
        JsonNode volume = client.result("CreateVolume", of("{'name':'v','accountID':'2','totalSize':'2000000000','enable512e':'true','access':'locked',"
            + "'qos':{'minIOPS':100,'burstIOPS':20000},'attributes':{'a':[1,null,'\u00e9']}}")).get("volume");
        assertThat(volume.get("accountID").asInt()).isEqualTo(2);
        assertThat(volume.get("enable512e").asBoolean()).isTrue();
        assertThat(volume.get("access").asText()).isEqualTo("locked");
        assertThat(volume.at("/qos/minIOPS").asInt()).isEqualTo(100);
        assertThat(volume.at("/qos/maxIOPS").asInt()).isEqualTo(15000);
        assertThat(volume.at("/qos/burstIOPS").asInt()).isEqualTo(20000);
        assertThat(volume.get("attributes").toString()).isEqualTo("{\"a\":[1,null,\"\u00e9\"]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ListVolumes           | {}                                          | 1 2 3 4",
        "ListVolumes           | {'startVolumeID':2,'limit':2}               | 2 3",
        "ListVolumes           | {'limit':0}                                 | ''",
        "ListVolumes           | {'volumeIDs':[4,99,1]}                      | 1 4",
        "ListVolumes           | {'volumeIDs':[]}                            | ''",
        "ListVolumes           | {'accounts':['2']}                          | 3 4",
        "ListVolumes           | {'volumeName':'alpha'}                      | 1 3",
        "ListVolumes           | {'volumeStatus':'deleted'}                  | 4",
        "ListVolumes           | {'volumeStatus':'active','accounts':[2]}    | 3",
        "ListVolumes           | {'isPaired':true}                           | 2",
        "ListVolumes           | {'isPaired':false}                          | 1 3 4",
        "ListVolumes           | {'isPaired':null}                           | 1 3 4",
        "ListVolumes           | {'includeVirtualVolumes':false}             | 1 2 3 4",
        "ListVolumes           | {'protectionSchemes':['doubleHelix']}       | ''",
        "ListVolumes           | {'protectionSchemes':['singleHelix']}       | 1 2 3 4",
        "ListActiveVolumes     | {}                                          | 1 2 3",
        "ListActiveVolumes     | {'startVolumeID':2,'limit':1}               | 2",
        "ListActivePairedVolumes | {}                                        | 2",
        "ListActivePairedVolumes | {'startVolumeID':3}                       | ''",
        "ListVolumesForAccount | {'accountID':2}                             | 3 4",
        "ListVolumesForAccount | {'accountID':2,'startVolumeID':4}           | 4"})
    void a_list_holds_what_was_asked_for(String method, String params, String ids) {
        four();
        assertThat(client.result(method, of(params)).get("volumes").findValuesAsText("volumeID")).isEqualTo(ids.isEmpty() ? java.util.List.of() : java.util.List.of(ids.split(" ")));
    }

    @Test void a_clone_is_in_the_making_until_it_is_whole() {
        create("alpha", 1);
        cluster.jobs().lasting = true;
        JsonNode clone = client.result("CloneVolume", of("{'volumeID':1,'name':'copy'}"));
        assertThat(clone.at("/volume/status").asText()).isEqualTo("init");
        assertThat(client.result("ListVolumes", of("{'volumeStatus':'init'}")).get("volumes").findValuesAsText("volumeID")).containsExactly("2");
        assertThat(client.result("ListVolumes", of("{'volumeIDs':[2]}")).at("/volumes/0/status").asText()).isEqualTo("init");
        assertThat(client.result("ListActiveVolumes", Json.object()).get("volumes").findValuesAsText("volumeID")).containsExactly("1");
        client.result("CancelClone", Json.object().put("cloneID", clone.get("cloneID").asLong()));
        assertThat(client.result("ListVolumes", of("{'volumeIDs':[2]}")).at("/volumes/0/status").asText()).isEqualTo("active");
    }

    @Test void modifying_answers_the_volume_as_it_is_then() {
        four();
        JsonNode volume = client.result("ModifyVolume", of("{'volumeID':1,'access':'replicationTarget','totalSize':2000000001,'accountID':2,'attributes':{'b':1}}")).get("volume");
        assertThat(volume.get("access").asText()).isEqualTo("replicationTarget");
        assertThat(volume.get("totalSize").asLong()).isEqualTo(2_000_683_008L);
        assertThat(volume.get("accountID").asInt()).isEqualTo(2);
        assertThat(volume.at("/attributes/b").asInt()).isEqualTo(1);
        assertThat(client.error("ModifyVolume", of("{'volumeID':1,'totalSize':1000000000}"))).isEqualTo("xVolumeShrinkProhibited");
    }

    @Test void a_deleted_volume_says_when_it_is_purged_and_can_come_back_until_then() {
        four();
        JsonNode deleted = client.result("ListVolumes", of("{'volumeIDs':[4]}")).at("/volumes/0");
        assertThat(deleted.get("status").asText()).isEqualTo("deleted");
        assertThat(deleted.get("deleteTime").asText()).isEqualTo("2021-03-09T04:40:43Z");
        assertThat(deleted.get("purgeTime").asText()).isEqualTo("2021-03-09T12:40:43Z");
        assertThat(client.result("RestoreDeletedVolume", of("{'volumeID':4}")).isEmpty()).isTrue();
        assertThat(client.result("ListActiveVolumes", Json.object()).get("volumes")).hasSize(4);
        assertThat(client.error("PurgeDeletedVolume", of("{'volumeID':4}"))).isEqualTo("xVolumeIDDoesNotExist");
        client.result("DeleteVolume", of("{'volumeID':4}"));
        assertThat(client.result("PurgeDeletedVolume", of("{'volumeID':4}")).isEmpty()).isTrue();
        assertThat(client.error("RestoreDeletedVolume", of("{'volumeID':4}"))).isEqualTo("xVolumeIDDoesNotExist");
    }

    @Test void counters_are_complete_and_the_delay_is_null_where_there_is_none() {
        four();
        JsonNode alone = client.result("GetVolumeStats", of("{'volumeID':1}")).get("volumeStats");
        assertThat(alone.get("asyncDelay").isNull()).isTrue();
        assertThat(alone.get("readBytes").asLong()).isEqualTo(8192);
        assertThat(alone.get("writeOps").asLong()).isEqualTo(1);
        assertThat(alone.get("averageIOPSize").asLong()).isEqualTo(4096);
        assertThat(alone.get("nonZeroBlocks").asLong()).isEqualTo(1);
        assertThat(alone.get("zeroBlocks").asLong()).isEqualTo(1_000_341_504L / 4096 - 1);
        assertThat(client.result("GetVolumeStats", of("{'volumeID':2}")).at("/volumeStats/asyncDelay").asText()).isEqualTo("25:01:01.001000");
        assertThat(client.error("GetVolumeStats", of("{'volumeID':99}"))).isEqualTo("xVolumeIDDoesNotExist");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CreateVolume | {'name':'','accountID':1,'totalSize':1000000000}                           | xInvalidParameter",
        "CreateVolume | {'name':'v','accountID':1,'totalSize':999999999}                           | xInvalidParameter",
        "CreateVolume | {'name':'v','accountID':1,'totalSize':17592186044417}                      | xInvalidParameter",
        "CreateVolume | {'name':'v','accountID':9,'totalSize':1000000000}                          | xAccountIDDoesNotExist",
        "CreateVolume | {'name':'v','accountID':0,'totalSize':1000000000}                          | xAccountIDDoesNotExist",
        "CreateVolume | {'name':'v','totalSize':1000000000}                                        | xMissingParameter",
        "CreateVolume | {'name':'v','accountID':1,'totalSize':1000000000,'access':'rw'}            | xUnrecognizedEnumString",
        "ListVolumes  | {'accounts':7}                                                             | xInvalidParameterType",
        "ListVolumesForAccount | {'accountID':99}                                                  | xAccountIDDoesNotExist",
        "GetAccountByID | {'accountID':99}                                                         | xUnknownAccount",
        "GetAccountByName | {'username':'nobody'}                                                  | xUnknownAccount",
        "AddAccount   | {'username':'ann'}                                                         | xDuplicateUsername"})
    void what_cannot_be_is_refused_by_its_name(String method, String params, String error) {
        assertThat(client.error(method, of(params))).isEqualTo(error);
    }

    @ParameterizedTest @CsvSource({"11", "17"})
    void LI_6_a_chap_secret_of_another_length_is_refused_and_not_repeated(int length) {
        String secret = "s".repeat(length);
        JsonNode answer = client.call("AddAccount", Json.object().put("username", "eve").put("initiatorSecret", secret));
        assertThat(answer.at("/error/name").asText()).isEqualTo("xInvalidParameter");
        assertThat(answer.toString()).doesNotContain(secret);
    }

    @ParameterizedTest @CsvSource({"49", "15001"})
    void LI_7_min_iops_out_of_bounds_are_refused(int iops) {
        assertThat(client.error("CreateVolume", of("{'name':'v','accountID':1,'totalSize':1000000000,'qos':{'minIOPS':" + iops + "}}"))).isEqualTo("xInvalidParameter");
    }

    @ParameterizedTest @CsvSource({"maxIOPS,99", "maxIOPS,200001", "burstIOPS,99", "burstIOPS,200001"})
    void LI_8_max_and_burst_iops_out_of_bounds_are_refused(String name, int iops) {
        assertThat(client.error("CreateVolume", of("{'name':'v','accountID':1,'totalSize':1000000000,'qos':{'" + name + "':" + iops + "}}"))).isEqualTo("xInvalidParameter");
    }

    @Test void LI_10_more_than_500_volumes_at_once_are_refused() {
        String ids = IntStream.rangeClosed(1, 501).mapToObj(String::valueOf).collect(Collectors.joining(","));
        assertThat(client.error("ModifyVolumes", of("{'volumeIDs':[" + ids + "],'access':'locked'}"))).isEqualTo("xExceededLimit");
    }

    @Test void LI_10_where_one_volume_is_not_to_be_had_none_is_modified() {
        four();
        assertThat(client.error("ModifyVolumes", of("{'volumeIDs':[1,2,99],'access':'locked'}"))).isEqualTo("xVolumeIDDoesNotExist");
        assertThat(client.result("ListVolumes", Json.object()).get("volumes").findValuesAsText("access")).doesNotContain("locked");
    }

    @Test void accounts_are_found_by_id_and_by_name_with_their_volumes() {
        four();
        assertThat(client.result("ListAccounts", of("{'startAccountID':2}")).get("accounts").findValuesAsText("username")).containsExactly("bob");
        assertThat(client.result("ListAccounts", of("{'limit':1}")).get("accounts").findValuesAsText("username")).containsExactly("ann");
        JsonNode bob = client.result("GetAccountByID", of("{'accountID':2}")).get("account");
        assertThat(bob.get("volumes").toString()).isEqualTo("[3,4]");
        assertThat(client.result("GetAccountByName", of("{'username':'bob'}")).get("account")).isEqualTo(bob);
    }

    @Test void the_cluster_says_who_it_is_and_what_it_holds_to() {
        JsonNode info = client.result("GetClusterInfo", Json.object()).get("clusterInfo");
        assertThat(info.get("name").asText()).isEqualTo("East");
        assertThat(info.get("mvip").asText()).isEqualTo("127.0.0.1:4443");
        assertThat(info.get("uniqueID").asText()).isEqualTo("xsm6");
        assertThat(client.result("GetClusterVersionInfo", Json.object()).get("clusterAPIVersion").asText()).isEqualTo("12.5");
        assertThat(client.result("GetLimits", Json.object()).get("clusterPairsCountMax").asInt()).isEqualTo(4);
    }
}
