package io.dyad.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TypeCheckTest {
    private ObjectNode pair = new ObjectMapper().createObjectNode();

    @BeforeEach void a_pair_seen_on_a_real_wire() throws Exception {
        pair = (ObjectNode) new ObjectMapper().readTree("""
            {"clusterName":"DR","clusterPairID":55,"clusterPairUUID":"b9322478-0f2c-4d0a-9e7e-0b7a3a1f8c11","clusterUUID":"bgn0",
             "latency":1,"mvip":"192.168.105.32","status":"Connected","version":"12.5.0.897"}""");
    }

    @Test void a_pair_of_the_real_wire_has_no_problem() {
        assertThat(TypeCheck.problems("PairedCluster", pair)).isEmpty();
    }

    @Test void each_deviation_is_named_by_its_path() {
        pair.put("clusterUUID", 5487).put("status", "connected").put("clusterPairUUID", "").put("secret", 1).putNull("mvip").remove("version");
        assertThat(TypeCheck.problems("PairedCluster[]", new ObjectMapper().createArrayNode().add(pair))).containsExactlyInAnyOrder(
            "/0/clusterUUID: expected string but found 5487", "/0/status: \"connected\" is not of ClusterPairStatus",
            "/0/clusterPairUUID: \"\" is not of uuid", "/0/secret: is unknown to PairedCluster",
            "/0/mvip: expected string but found null", "/0/version: is missing");
    }

    @Test void what_is_read_leniently_in_a_request_is_a_problem_in_an_answer() {
        pair.put("latency", "1");
        assertThat(TypeCheck.problems("PairedCluster", pair)).containsExactly("/latency: expected integer but found \"1\"");
    }

    @Test void null_is_right_only_where_the_type_says_so() {
        var stats = Spec.load().type("VolumeStats");
        var answer = new ObjectMapper().createObjectNode().putNull("asyncDelay").putNull("volumeID");
        assertThat(TypeCheck.problems(stats, answer)).contains("/volumeID: expected integer but found null")
            .noneMatch(p -> p.startsWith("/asyncDelay"));
        answer.put("asyncDelay", "00:00:01.5");
        assertThat(TypeCheck.problems(stats, answer)).contains("/asyncDelay: \"00:00:01.5\" is not of Delay");
        answer.put("asyncDelay", "100:00:01.500000");
        assertThat(TypeCheck.problems(stats, answer)).noneMatch(p -> p.startsWith("/asyncDelay"));
    }

    @Test void GetAPI_has_a_list_of_names_for_each_version_beside_its_own_members() throws Exception {
        var result = Spec.load().method("GetAPI").result();
        var answer = new ObjectMapper().readTree("""
            {"currentVersion":"12.5","supportedVersions":["1.0","12.5"],"1.0":["GetAPI"],"12.5":["GetAPI",7]}""");
        assertThat(TypeCheck.problems(result, answer)).containsExactly("/12.5/1: expected string but found 7");
    }

    @Test void a_secret_is_not_shown() {
        assertThat(TypeCheck.problems("CHAPSecret", new ObjectMapper().getNodeFactory().textNode("too short")))
            .containsExactly(": a secret is not of CHAPSecret");
    }

    @Test void an_unknown_type_and_a_message_without_its_values_are_mistakes() {
        assertThatThrownBy(() -> TypeCheck.problems("Volumes", pair)).hasMessageContaining("no type Volumes");
        var error = Spec.load().error("xVolumeNotPaired");
        assertThat(error.message(Map.of("problem", "volume 5"))).isEqualTo("The volume is not paired: volume 5");
        assertThatThrownBy(() -> error.message(Map.of())).hasMessageContaining("{problem}");
    }
}
