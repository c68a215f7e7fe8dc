package io.dyad.testkit.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dyad.spec.Placeholders;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** The text of a pairing key: lower-case hex of compact JSON. */
final class KeyText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeyText() { }

    /** The members of a key; missing, if it is none. */
    static JsonNode members(String hex) {
        try {
            return JSON.readTree(new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | JsonProcessingException noKey) {
            return MissingNode.getInstance();
        }
    }

    /** Whether the form is that of {@code clusterPairingKey} or {@code volumePairingKey}; the key itself is not shown. */
    static List<String> problems(String form, String hex) {
        return Placeholders.mismatches(TextNode.valueOf("${" + form + "}"), TextNode.valueOf(hex)).stream()
            .map(secret -> "the answer is no " + form).toList();
    }

    static String changed(String hex, int where) {
        String mvip = members(hex).path("mvip").asText();
        for (int i = 0; i < hex.length(); i++) {
            int at = Math.floorMod(where + i, hex.length());
            char digit = HexFormat.of().toHexDigits((byte) (HexFormat.fromHexDigit(hex.charAt(at)) ^ 1)).charAt(1);
            String changed = hex.substring(0, at) + digit + hex.substring(at + 1);
            JsonNode members = members(changed);
            if (members.isMissingNode() || members.path("mvip").asText().equals(mvip)) return changed;
        }
        throw new IllegalArgumentException("a key holds more than its address");
    }
}
