package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two real clusters, paired and steered over HTTPS alone, as an operator would. */
@Timeout(120)
class TwoClustersTest {
    @TempDir private Path dir;
    private Site east = Site.NONE;
    private Site west = Site.NONE;

    /** A cluster, its server, and a client of it. */
    private record Site(Optional<Cluster> opened, Optional<JsonRpcServer> server, Optional<Client> client) {
        static final Site NONE = new Site(Optional.empty(), Optional.empty(), Optional.empty());

        static Site open(Path dir, String name) throws IOException {
            var cluster = Cluster.at(dir.resolve(name)).name(name).open();
            cluster.admins().set("admin", FakeCluster.PASSWORD.toCharArray(), new Cause("test", "setup"));
            var server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), JsonRpcSettings.DEFAULT);
            return new Site(Optional.of(cluster), Optional.of(server), Optional.of(Client.of(server, TestTls.trusting())));
        }

        Cluster cluster() { return opened.orElseThrow(); }

        JsonNode ask(String method, String params) {
            return client.orElseThrow().result(method, (ObjectNode) Client.json(params.replace('\'', '"')));
        }

        String state() { return ask("ListVolumes", "{}").at("/volumes/0/volumePairs/0/remoteReplication/state").asText(); }

        String status() { return ask("ListClusterPairs", "{}").at("/clusterPairs/0/status").asText(); }

        void volume(String access) {
            ask("AddAccount", "{'username':'owner'}");
            ask("CreateVolume", "{'name':'v','accountID':1,'totalSize':1000000000,'access':'" + access + "'}");
        }

        void close() {
            client.ifPresent(Client::close);
            server.ifPresent(JsonRpcServer::close);
            opened.ifPresent(Cluster::close);
        }
    }

    @BeforeEach void paired() throws IOException {
        east = Site.open(dir, "east");
        west = Site.open(dir, "west");
        String key = east.ask("StartClusterPairing", "{}").get("clusterPairingKey").asText();
        west.ask("CompleteClusterPairing", "{'clusterPairingKey':'" + key + "'}");
        GivenState.until(() -> east.status().equals("Connected") && west.status().equals("Connected"));
        east.volume("readWrite");
        west.volume("replicationTarget");
        String volumeKey = east.ask("StartVolumePairing", "{'volumeID':1,'mode':'async'}").get("volumePairingKey").asText();
        west.ask("CompleteVolumePairing", "{'volumeID':1,'volumePairingKey':'" + volumeKey + "'}");
        GivenState.until(() -> bothAre("Active"));
    }

    @AfterEach void close() {
        east.close();
        west.close();
    }

    private boolean bothAre(String state) { return east.state().equals(state) && west.state().equals(state); }

    @Test void both_ends_tell_the_same_pair_with_their_own_numbers() {
        JsonNode here = east.ask("ListActivePairedVolumes", "{}").at("/volumes/0/volumePairs/0");
        JsonNode there = west.ask("ListActivePairedVolumes", "{}").at("/volumes/0/volumePairs/0");
        assertThat(here.get("volumePairUUID")).isEqualTo(there.get("volumePairUUID"));
        assertThat(here.get("remoteVolumeName").asText()).isEqualTo("v");
        assertThat(here.at("/remoteReplication/remoteServiceID").asInt()).isPositive();
        assertThat(east.ask("ListClusterPairs", "{}").at("/clusterPairs/0/clusterUUID"))
            .isEqualTo(west.ask("GetClusterInfo", "{}").at("/clusterInfo/uniqueID"));
    }

    @Test void blocks_arrive_a_pause_shows_on_both_ends_and_a_flip_of_access_reverses() throws IOException {
        var block = ByteBuffer.wrap("0123456789abcdef".repeat(256).getBytes(StandardCharsets.US_ASCII));
        east.cluster().open(new VolumeId(1)).write(8192, block.duplicate(), true);
        assertThat(east.ask("GetVolumeStats", "{'volumeID':1}").at("/volumeStats/writeBytes").asLong()).isEqualTo(4096);
        GivenState.until(() -> east.ask("GetVolumeStats", "{'volumeID':1}").at("/volumeStats/asyncDelay").asText().equals("00:00:00.000000"));
        east.ask("ModifyVolumePair", "{'volumeID':1,'pausedManual':true}");
        GivenState.until(() -> east.state().equals("PausedManual") && west.state().equals("PausedManualRemote"));
        east.ask("ModifyVolumePair", "{'volumeID':1,'pausedManual':false}");
        GivenState.until(() -> bothAre("Active"));
        assertThat(east.ask("ModifyVolume", "{'volumeID':1,'access':'replicationTarget'}").at("/volume/access").asText()).isEqualTo("replicationTarget");
        west.ask("ModifyVolume", "{'volumeID':1,'access':'readWrite'}");
        GivenState.until(() -> bothAre("Active"));
        var read = ByteBuffer.allocate(4096);
        west.cluster().open(new VolumeId(1)).read(8192, read);
        assertThat(read.flip()).isEqualTo(block);
    }

    @Test void removing_one_end_strands_the_other_and_the_cluster_pair_waits_for_its_volumes() {
        assertThat(east.client().orElseThrow().error("RemoveClusterPair", Json.object().put("clusterPairID", 1))).isEqualTo("xClusterPairInUse");
        east.ask("RemoveVolumePair", "{'volumeID':1}");
        GivenState.until(() -> west.state().equals("StoppedMisconfigured"));
        west.ask("RemoveVolumePair", "{'volumeID':1}");
        east.ask("RemoveClusterPair", "{'clusterPairID':1}");
        GivenState.until(() -> west.status().equals("Misconfigured"));
    }

    @Test void the_user_of_a_pairing_key_is_nobody_to_the_api() {
        String hex = east.ask("StartClusterPairing", "{}").get("clusterPairingKey").asText();
        JsonNode key = Client.json(new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8));
        assertThat(key.get("username").asText()).startsWith("__SF_pair_");
        var pairUser = east.client().orElseThrow().as(key.get("username").asText(), key.get("password").asText());
        for (String method : new String[] {"GetAPI", "GetClusterInfo", "CompleteClusterPairing"}) {
            assertThat(pairUser.post("/json-rpc/12.5", "{\"method\":\"" + method + "\"}").statusCode()).isEqualTo(401);
        }
        assertThat(east.ask("ListClusterAdmins", "{}").toString()).doesNotContain("__SF_pair_");
        assertThat(east.ask("ListEvents", "{}").toString()).doesNotContain(key.get("password").asText(), key.get("username").asText());
    }

    @Test void attributes_of_any_json_survive_a_volume_and_an_account() {
        String json = "{\"a\":null,\"b\":[1,null,{}],\"c\":1.50,\"d\":12345678901234567890123,\"é\":\"€\"}";
        JsonNode volume = east.ask("ModifyVolume", "{'volumeID':1,'attributes':" + json + "}").get("volume");
        assertThat(volume.get("attributes").get("b")).isEqualTo(Client.json(json).get("b"));
        assertThat(east.ask("ListVolumes", "{}").at("/volumes/0/attributes")).isEqualTo(volume.get("attributes"));
        assertThat(east.ask("AddAccount", "{'username':'other','attributes':" + json + "}").at("/account/attributes/d").toString()).isEqualTo("12345678901234567890123");
    }
}
