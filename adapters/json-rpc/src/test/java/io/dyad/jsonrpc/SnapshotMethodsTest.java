package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotMethodsTest {
    private final FakeCluster cluster = new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443");
    private final JsonRpcServer server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), JsonRpcSettings.DEFAULT);
    private final Client client = Client.of(server);

    @BeforeEach void volumes() {
        client.result("AddAccount", Json.object().put("username", "ann"));
        for (String name : new String[] {"alpha", "beta"}) client.result("CreateVolume", Json.object().put("name", name).put("accountID", 1).put("totalSize", 1_000_000_000L));
    }

    @AfterEach void close() {
        client.close();
        server.close();
    }

    private static ObjectNode of(String json) { return (ObjectNode) Client.json(json.replace('\'', '"')); }

    @Test void a_retention_counts_from_now_and_its_hours_may_exceed_a_day() {
        JsonNode taken = client.result("CreateSnapshot", of("{'volumeID':1,'retention':'36:00:00'}")).get("snapshot");
        Instant ends = Instant.parse(taken.get("expirationTime").asText());
        assertThat(Duration.between(Instant.now(), ends)).isBetween(Duration.ofHours(35), Duration.ofHours(36));
        assertThat(taken.get("expirationReason").asText()).isEqualTo("Api");
    }

    @Test void an_end_and_a_retention_exclude_each_other() {
        assertThat(client.error("CreateSnapshot", of("{'volumeID':1,'retention':'1:00:00','expirationTime':'2099-01-01T00:00:00Z'}"))).isEqualTo("xInvalidParameter");
    }

    @Test void first_in_first_out_is_no_end() {
        JsonNode taken = client.result("CreateSnapshot", of("{'volumeID':1,'retention':'fifo'}")).get("snapshot");
        assertThat(taken.get("expirationTime").isNull()).isTrue();
    }

    @Test void a_snapshot_of_another_volume_is_not_gone_back_to() {
        client.result("CreateSnapshot", of("{'volumeID':1}"));
        assertThat(client.error("RollbackToSnapshot", of("{'volumeID':2,'snapshotID':1,'saveCurrentState':false}"))).isEqualTo("xSnapshotIDDoesNotExist");
    }

    @Test void a_snapshot_of_a_snapshot_is_one_of_the_same_volume() {
        client.result("CreateSnapshot", of("{'volumeID':1,'name':'a'}"));
        JsonNode again = client.result("CreateSnapshot", of("{'volumeID':1,'snapshotID':1,'name':'b'}")).get("snapshot");
        assertThat(again.get("name").asText()).isEqualTo("b");
        assertThat(again.get("volumeID").asInt()).isEqualTo(1);
        assertThat(client.error("CreateSnapshot", of("{'volumeID':2,'snapshotID':1}"))).isEqualTo("xSnapshotIDDoesNotExist");
    }

    @Test void snapshots_are_listed_by_volume_and_by_number() {
        client.result("CreateSnapshot", of("{'volumeID':1,'name':'a'}"));
        client.result("CreateSnapshot", of("{'volumeID':2,'name':'b'}"));
        assertThat(client.result("ListSnapshots", of("{}")).get("snapshots").findValuesAsText("name")).containsExactly("a", "b");
        assertThat(client.result("ListSnapshots", of("{'volumeID':2}")).get("snapshots").findValuesAsText("name")).containsExactly("b");
        assertThat(client.result("ListSnapshots", of("{'snapshotID':1}")).get("snapshots").findValuesAsText("name")).containsExactly("a");
    }

    @Test void members_that_are_saved_leave_their_group() {
        client.result("CreateGroupSnapshot", of("{'volumes':[1,2]}"));
        client.result("DeleteGroupSnapshot", of("{'groupSnapshotID':1,'saveMembers':true}"));
        assertThat(client.result("ListGroupSnapshots", of("{}")).get("groupSnapshots")).isEmpty();
        assertThat(client.result("ListSnapshots", of("{}")).get("snapshots").findValuesAsText("groupID")).containsExactly("0", "0");
    }

    @Test void a_result_that_was_read_is_forgotten() {
        client.result("CloneVolume", of("{'volumeID':1,'name':'clone'}"));
        assertThat(client.result("GetAsyncResult", of("{'asyncHandle':1,'keepResult':true}")).get("status").asText()).isEqualTo("complete");
        assertThat(client.result("GetAsyncResult", of("{'asyncHandle':1}")).at("/result/volumeID").asInt()).isEqualTo(3);
        assertThat(client.error("GetAsyncResult", of("{'asyncHandle':1}"))).isEqualTo("xAsyncHandleDoesNotExist");
    }

    @Test void a_clone_that_runs_says_how_far_it_is_and_a_cancelled_one_why_it_failed() {
        cluster.jobs().lasting = true;
        client.result("CloneVolume", of("{'volumeID':1,'name':'clone'}"));
        JsonNode running = client.result("GetAsyncResult", of("{'asyncHandle':1}"));
        assertThat(running.get("status").asText()).isEqualTo("running");
        assertThat(running.at("/details/percentComplete").asInt()).isEqualTo(50);
        JsonNode sync = client.result("ListSyncJobs", of("{}")).get("syncJobs").get(0);
        assertThat(sync.get("type").asText()).isEqualTo("clone");
        assertThat(sync.get("cloneID").asInt()).isEqualTo(1);
        assertThat(sync.get("bytesPerSecond").asInt()).isEqualTo(2048);
        assertThat(sync.get("remainingTime").asDouble()).isEqualTo(2.0);
        client.result("CancelClone", of("{'cloneID':1}"));
        assertThat(client.result("GetAsyncResult", of("{'asyncHandle':1}")).at("/error/message").asText()).isEqualTo("cancelled");
        assertThat(client.error("CancelClone", of("{'cloneID':1}"))).isEqualTo("xDBNoSuchPath");
    }

    @Test void a_rollback_leaves_no_result_behind() {
        client.result("CreateSnapshot", of("{'volumeID':1}"));
        client.result("RollbackToSnapshot", of("{'volumeID':1,'snapshotID':1,'saveCurrentState':false}"));
        assertThat(client.result("ListAsyncResults", of("{}")).get("asyncHandles")).isEmpty();
    }
}
