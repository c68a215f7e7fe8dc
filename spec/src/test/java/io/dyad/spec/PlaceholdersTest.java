package io.dyad.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceholdersTest {

    @Test void what_is_given_is_filled_in_at_any_depth_and_matchers_stay() throws Exception {
        assertThat(Placeholders.fill(json("{\"a\":[\"${given.id}\",\"${int}\",\"x\"]}"), Map.of("id", IntNode.valueOf(5))))
            .isEqualTo(json("{\"a\":[5,\"${int}\",\"x\"]}"));
        assertThatThrownBy(() -> Placeholders.fill(TextNode.valueOf("${given.id}"), Map.of())).hasMessageContaining("${given.id}");
    }

    @ParameterizedTest @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "int | 5 | \"5\"", "boolean | true | 1", "string | \"\" | null", "uuid | \"69624fcb-202e-4325-a569-ec9c655c7b5a\" | \"\"",
        "number | 0.5 | \"0.5\"", "array | [] | {}", "delay | \"00:00:00.000000\" | \"0\"", "secret | \"abcdefghijkl\" | \"abc\"",
        "time | \"2021-03-09T04:40:43Z\" | \"yesterday\"", "uniqueID | \"bgn0\" | 5487", "containing exist | \"it exists\" | \"it is\""})
    void a_matcher_accepts_its_own_and_nothing_else(String matcher, String accepted, String refused) throws Exception {
        var template = TextNode.valueOf("${" + matcher + "}");
        assertThat(Placeholders.mismatches(template, json(accepted))).isEmpty();
        assertThat(Placeholders.mismatches(template, json(refused))).hasSize(1);
    }

    @Test void a_key_matches_by_its_kind_and_by_the_order_of_its_members() {
        var cluster = Spec.load().keys().get(0).hex();
        var volume = Spec.load().keys().get(1).hex();
        var template = TextNode.valueOf("${volumePairingKey}");
        assertThat(Placeholders.mismatches(template, TextNode.valueOf(volume))).isEmpty();
        for (String wrong : List.of(cluster, volume.substring(2), volume.toUpperCase(java.util.Locale.ROOT), "", "7b7d", hex("{\"volumeID\":1,\"mvip\":\"\",\"volumeName\":\"\",\"volumePairUUID\":\"\"}"))) {
            assertThat(Placeholders.mismatches(template, TextNode.valueOf(wrong))).as(wrong).hasSize(1);
        }
        assertThat(Placeholders.mismatches(template, TextNode.valueOf(hex("{\"certificate\":\"\",\"mvip\":\"\",\"volumeID\":1,\"volumeName\":\"\",\"volumePairUUID\":\"\"}")))).isEmpty();
    }

    @Test void objects_differ_by_a_member_too_many_or_too_few_and_not_by_order_or_width() throws Exception {
        assertThat(Placeholders.mismatches(json("{\"a\":1,\"b\":2}"), json("{\"b\":2,\"a\":1}"))).isEmpty();
        assertThat(Placeholders.mismatches(json("{\"a\":1}"), json("{\"b\":1}")))
            .containsExactly("/a: expected 1 but found nothing", "/b: expected nothing but found 1");
        assertThat(Placeholders.mismatches(json("[1]"), json("[1,2]"))).containsExactly(": expected [1] but found [1,2]");
        assertThat(Placeholders.mismatches(IntNode.valueOf(5), LongNode.valueOf(5))).isEmpty();
    }

    @Test void a_matcher_that_nobody_knows_is_a_mistake() {
        assertThatThrownBy(() -> Placeholders.mismatches(TextNode.valueOf("${id}"), IntNode.valueOf(1))).hasMessageContaining("no placeholder: id");
    }

    private static String hex(String text) { return java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)); }

    private static JsonNode json(String text) throws Exception { return new ObjectMapper().readTree(text); }
}
