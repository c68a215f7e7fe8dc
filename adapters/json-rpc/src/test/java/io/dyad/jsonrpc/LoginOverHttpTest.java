package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginOverHttpTest {
    private final FakeCluster cluster = new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1:4443");
    private final JsonRpcServer server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), JsonRpcSettings.DEFAULT);
    private final Client client = Client.of(server);

    @AfterEach void close() {
        client.close();
        server.close();
    }

    @Test void without_a_login_there_is_a_page_and_no_call() {
        var uri = URI.create("https://127.0.0.1:" + server.address().getPort() + "/json-rpc/12.5");
        var response = client.send(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("{\"method\":\"StartClusterPairing\"}")).build());
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).contains("<html>", "401 Unauthorized.");
        assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic realm=");
        assertThat(cluster.causes).isEmpty();
        assertThat(cluster.admins.authentications).hasValue(0);
    }

    @Test void a_wrong_login_is_turned_away_like_an_unknown_one() {
        var wrong = client.as("admin", "wrong").post("/json-rpc/12.5", "{\"method\":\"GetAPI\"}");
        var unknown = client.as("nobody", "wrong").post("/json-rpc/12.5", "{\"method\":\"GetAPI\"}");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @Test void a_change_of_an_admin_counts_from_its_next_call_on() {
        long id = client.result("AddClusterAdmin", (ObjectNode) Client.json("{\"username\":\"ann\",\"password\":\"old\",\"access\":[\"volumes\",\"read\"],\"acceptEula\":true}")).get("clusterAdminID").asLong();
        var ann = client.as("ann", "old");
        assertThat(ann.result("ListVolumes", Json.object()).get("volumes")).isEmpty();

        client.result("ModifyClusterAdmin", Json.object().put("clusterAdminID", id).set("access", Client.json("[\"reporting\"]")));
        assertThat(ann.error("GetCurrentClusterAdmin", Json.object())).isEmpty();
        assertThat(ann.error("DeleteVolume", Json.object().put("volumeID", 1))).isEqualTo("xPermissionDenied");

        client.result("ModifyClusterAdmin", Json.object().put("clusterAdminID", id).put("password", "new"));
        assertThat(ann.post("/json-rpc/12.5", "{\"method\":\"GetAPI\"}").statusCode()).isEqualTo(401);
        assertThat(client.as("ann", "new").result("GetAPI", Json.object()).has("12.5")).isTrue();

        client.result("RemoveClusterAdmin", Json.object().put("clusterAdminID", id));
        assertThat(client.as("ann", "new").post("/json-rpc/12.5", "{\"method\":\"GetAPI\"}").statusCode()).isEqualTo(401);
    }

    @Test void a_login_is_asked_of_the_cluster_once_for_many_calls() {
        for (int i = 0; i < 5; i++) client.result("ListClusterPairs", Json.object());
        assertThat(cluster.admins.authentications).hasValue(1);
    }
}
