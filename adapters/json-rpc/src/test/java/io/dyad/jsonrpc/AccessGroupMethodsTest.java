package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessGroupMethodsTest {
    private final FakeCluster cluster = new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443");
    private final JsonRpcServer server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), JsonRpcSettings.DEFAULT);
    private final Client client = Client.of(server);

    /** Group 1 with the volumes 1 and 2; volume 3 is in none. */
    @BeforeEach void group() {
        ask("AddAccount", "{'username':'ann'}");
        for (int i = 1; i <= 3; i++) ask("CreateVolume", "{'name':'v','accountID':1,'totalSize':1000000000}");
        ask("CreateVolumeAccessGroup", "{'name':'hosts','volumes':[1,2],'initiators':['iqn.a']}");
    }

    @AfterEach void close() {
        client.close();
        server.close();
    }

    private static ObjectNode of(String json) { return (ObjectNode) Client.json(json.replace('\'', '"')); }

    private JsonNode ask(String method, String params) { return client.result(method, of(params)); }

    private String luns() { return ask("GetVolumeAccessGroupLunAssignments", "{'volumeAccessGroupID':1}").at("/volumeAccessGroupLunAssignments/lunAssignments").toString().replace('"', '\''); }

    @Test void volumes_are_numbered_as_they_join_and_one_that_leaves_frees_its_number() {
        assertThat(luns()).isEqualTo("[{'volumeID':1,'lun':0},{'volumeID':2,'lun':1}]");
        ask("RemoveVolumesFromVolumeAccessGroup", "{'volumeAccessGroupID':1,'volumes':[1]}");
        ask("AddVolumesToVolumeAccessGroup", "{'volumeAccessGroupID':1,'volumes':[3]}");
        assertThat(luns()).contains("{'volumeID':3,'lun':0}", "{'volumeID':2,'lun':1}");
    }

    @Test void two_volumes_change_numbers_at_once_and_the_others_keep_theirs() {
        ask("ModifyVolumeAccessGroupLunAssignments", "{'volumeAccessGroupID':1,'lunAssignments':[{'volumeID':1,'lun':1},{'volumeID':2,'lun':0}]}");
        assertThat(luns()).contains("{'volumeID':1,'lun':1}", "{'volumeID':2,'lun':0}");
        ask("ModifyVolumeAccessGroupLunAssignments", "{'volumeAccessGroupID':1,'lunAssignments':[{'volumeID':1,'lun':16383}]}");
        assertThat(luns()).contains("{'volumeID':1,'lun':16383}", "{'volumeID':2,'lun':0}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[{'volumeID':1,'lun':1}]                         | xInvalidParameter",
        "[{'volumeID':1,'lun':16384}]                     | xInvalidParameter",
        "[{'volumeID':1,'lun':-1}]                        | xInvalidParameter",
        "[{'volumeID':1,'lun':99999999999}]               | xInvalidParameter",
        "[{'volumeID':3,'lun':7}]                         | xNotInVolumeAccessGroup",
        "[{'volumeID':1}]                                 | xMissingParameter"})
    void a_number_that_is_taken_or_beyond_the_last_is_refused_and_nothing_changes(String luns, String error) {
        String before = luns();
        assertThat(client.error("ModifyVolumeAccessGroupLunAssignments", of("{'volumeAccessGroupID':1,'lunAssignments':" + luns + "}"))).isEqualTo(error);
        assertThat(luns()).isEqualTo(before);
    }

    @Test void a_deleted_volume_stands_apart_until_it_comes_back() {
        ask("DeleteVolume", "{'volumeID':1}");
        JsonNode apart = ask("GetVolumeAccessGroupLunAssignments", "{'volumeAccessGroupID':1}").get("volumeAccessGroupLunAssignments");
        assertThat(apart.at("/deletedLunAssignments/0/volumeID").asInt()).isEqualTo(1);
        assertThat(apart.at("/lunAssignments").findValuesAsText("volumeID")).containsExactly("2");
        assertThat(ask("ListVolumeAccessGroups", "{}").at("/volumeAccessGroups/0/deletedVolumes").toString()).isEqualTo("[1]");
        ask("RestoreDeletedVolume", "{'volumeID':1}");
        assertThat(luns()).contains("{'volumeID':1,'lun':0}");
    }

    @Test void a_volume_names_the_groups_it_is_in() {
        ask("CreateVolumeAccessGroup", "{'name':'more','volumes':[1]}");
        assertThat(ask("ListVolumes", "{'volumeIDs':[1]}").at("/volumes/0/volumeAccessGroups").toString()).isEqualTo("[1,2]");
        assertThat(ask("GetVolumeStats", "{'volumeID':1}").at("/volumeStats/volumeAccessGroups").toString()).isEqualTo("[1,2]");
    }
}
