package io.dyad.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** JSON as the endpoint reads and writes it: strict about what it takes in, compact in what it says. */
final class Json {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_DIGITS = 100;
    private static final int MAX_NAME_CHARS = 1024;

    /** Decimals keep their digits, so that an id comes back as it came. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH).maxNumberLength(MAX_NUMBER_DIGITS).maxNameLength(MAX_NAME_CHARS).build())
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();

    private Json() { }

    static ObjectNode object() { return MAPPER.createObjectNode(); }

    /** One whole JSON value; text with half a surrogate pair is none, as nobody could be answered it. */
    static JsonNode read(byte[] bytes) throws IOException {
        JsonNode value = tree(bytes);
        if (!plain(bytes) && !StandardCharsets.UTF_8.newEncoder().canEncode(value.toString())) throw new IOException("half a surrogate pair");
        return value;
    }

    /** ASCII without escapes of characters: as most requests are, and without surrogates for certain. */
    private static boolean plain(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] <= 0 || bytes[i] == 'u' && i > 0 && bytes[i - 1] == '\\') return false;
        }
        return true;
    }

    private static JsonNode tree(byte[] bytes) throws IOException {
        try {
            return MAPPER.readTree(bytes);
        } catch (NumberFormatException e) {
            throw new IOException("a number with an exponent beyond all bounds", e);
        }
    }

    static byte[] write(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always writable", e);
        }
    }

    static String text(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always writable", e);
        }
    }

    static Map<String, Object> map(JsonNode object) { return MAPPER.convertValue(object, new TypeReference<>() { }); }

    static JsonNode tree(Map<String, Object> map) { return MAPPER.valueToTree(map); }
}
