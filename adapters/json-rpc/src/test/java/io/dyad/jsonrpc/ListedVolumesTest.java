package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.jsonrpc.ListedVolumes.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a list is never older than the volumes: a list says of each what the answer about it alone says. */
class ListedVolumesTest {
    @TempDir private Path dir;
    private ServedCluster cluster;
    private long volume;

    @BeforeEach void open() throws IOException {
        cluster = ServedCluster.open(dir, "east");
        cluster.ask("AddAccount", "{'username':'shop'}");
        volume = cluster.ask("CreateVolume", "{'name':'first \\u00e9\\ud83d\\ude00','accountID':1,'totalSize':1000000000}").get("volumeID").longValue();
        listed();
    }

    @AfterEach void close() { cluster.close(); }

    private JsonNode listed() { return cluster.ask("ListVolumes", "{'volumeIDs':[" + volume + "]}").at("/volumes/0"); }

    @Test void each_change_shows_at_once() {
        assertThat(listed().get("name").asText()).isEqualTo("first \u00e9\ud83d\ude00");
        JsonNode changed = cluster.ask("ModifyVolume", "{'volumeID':" + volume + ",'access':'locked','attributes':{'a':[1,null]},'qos':{'minIOPS':77,'maxIOPS':800,'burstIOPS':900}}").get("volume");
        assertThat(listed()).isEqualTo(changed).isEqualTo(cluster.ask("ListActiveVolumes", "{}").at("/volumes/0"));
        cluster.ask("CreateVolumeAccessGroup", "{'name':'g','volumes':[" + volume + "]}");
        assertThat(listed().get("volumeAccessGroups")).extracting(JsonNode::intValue).containsExactly(1);
        cluster.ask("StartVolumePairing", "{'volumeID':" + volume + "}");
        assertThat(listed().at("/volumePairs/0/remoteReplication/state").asText()).isEqualTo("Unconfigured");
        cluster.ask("RemoveVolumePair", "{'volumeID':" + volume + "}");
        assertThat(listed().get("volumePairs")).isEmpty();
        JsonNode deleted = cluster.ask("DeleteVolume", "{'volumeID':" + volume + "}").get("volume");
        assertThat(listed()).isEqualTo(deleted);
        assertThat(listed().get("status").asText()).isEqualTo("deleted");
    }

    @Test void texts_are_written_once_and_those_of_volumes_that_are_no_more_are_let_go() {
        for (int i = 0; i < 3; i++) cluster.ask("CreateVolume", "{'name':'v" + i + "','accountID':1,'totalSize':1000000000}");
        var written = new AtomicInteger();
        var kept = new ListedVolumes(shown -> Json.object().put("n", written.incrementAndGet()));
        var all = cluster.cluster().volumes();
        var list = Json.object().putArray("volumes");
        for (int i = 0; i < 2; i++) all.forEach(v -> kept.add(list, new Shown(v, List.of(), "active")));
        assertThat(new String(Json.write(list), StandardCharsets.UTF_8)).isEqualTo("[{'n':1},{'n':2},{'n':3},{'n':4},{'n':1},{'n':2},{'n':3},{'n':4}]".replace('\'', '"'));
        kept.forgetAllBut(all);
        assertThat(kept.size()).isEqualTo(4);
        kept.forgetAllBut(all.subList(1, 3));
        assertThat(kept.size()).isEqualTo(2);
    }
}
