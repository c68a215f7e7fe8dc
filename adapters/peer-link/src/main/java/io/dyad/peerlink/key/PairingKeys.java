package io.dyad.peerlink.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The codec of pairing keys: lower-case hex of compact JSON with members in alphabetical order.
 *
 * <p>Our keys carry a {@code check} over all other members, so that a key changed in any one character is refused at once.
 * The vendor's form has no check and no other member than the vendor's; a changed value in it shows only when the proof fails.
 * Only the canonical text of a key is read. Unknown members are tolerated under a check.
 */
public final class PairingKeys {
    private static final String CHECK = "check";
    private static final int CHECK_BYTES = 8;
    private static final int MAX_CHARS = 64 << 10;
    private static final Set<String> CLUSTER = Set.of("clusterPairID", "clusterPairUUID", "clusterUniqueID", "mvip", "name", "password",
        "rpcConnectionID", "username");
    private static final Set<String> VOLUME = Set.of("mvip", "volumeID", "volumeName", "volumePairUUID");
    private static final JsonMapper JSON = JsonMapper.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private PairingKeys() { }

    /** The key as we hand it out, check included. */
    public static String encode(ClusterPairingKey key) { return hex(checked(members(key))); }

    public static String encode(VolumePairingKey key) { return hex(checked(members(key))); }

    /** The key as the vendor writes it: no check, hence none of our own members either. */
    public static String encodePlain(ClusterPairingKey key) {
        if (key.certificateFingerprint().isPresent() || key.link().isPresent()) throw new IllegalArgumentException("our own members need a check");
        return hex(members(key));
    }

    public static String encodePlain(VolumePairingKey key) { return hex(members(key)); }

    public static ClusterPairingKey clusterPairingKey(String text) throws InvalidKeyException {
        Members m = read(text, CLUSTER);
        return new ClusterPairingKey(m.number("clusterPairID"), m.uuid("clusterPairUUID"), m.text("clusterUniqueID"), m.text("mvip"), m.text("name"),
            m.text("password"), m.number("rpcConnectionID"), m.text("username"),
            m.optional("certificateFingerprint", s -> s.matches("[0-9a-f]{64}")), m.optional("linkAddress", s -> s.matches(".+:[0-9]{1,5}")));
    }

    public static VolumePairingKey volumePairingKey(String text) throws InvalidKeyException {
        Members m = read(text, VOLUME);
        return new VolumePairingKey(m.text("mvip"), m.number("volumeID"), m.text("volumeName"), m.uuid("volumePairUUID"));
    }

    private static ObjectNode members(ClusterPairingKey key) {
        ObjectNode node = JSON.createObjectNode()
            .put("clusterPairID", key.clusterPairID()).put("clusterPairUUID", key.clusterPairUUID().toString())
            .put("clusterUniqueID", key.clusterUniqueID()).put("mvip", key.mvip()).put("name", key.name()).put("password", key.password())
            .put("rpcConnectionID", key.rpcConnectionID()).put("username", key.username());
        key.certificateFingerprint().ifPresent(fingerprint -> node.put("certificateFingerprint", fingerprint));
        key.link().ifPresent(link -> node.put("linkAddress", link));
        return node;
    }

    private static ObjectNode members(VolumePairingKey key) {
        return JSON.createObjectNode().put("mvip", key.mvip()).put("volumeID", key.volumeID()).put("volumeName", key.volumeName())
            .put("volumePairUUID", key.volumePairUUID().toString());
    }

    private static ObjectNode checked(ObjectNode members) { return members.put(CHECK, check(members)); }

    private static String check(ObjectNode members) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical(members.deepCopy().without(CHECK)));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, CHECK_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(ObjectNode members) { return HexFormat.of().formatHex(canonical(members)); }

    private static byte[] canonical(ObjectNode members) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        members.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
        try {
            return JSON.writeValueAsBytes(sorted);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a pairing key cannot be written", e);
        }
    }

    private static Members read(String text, Set<String> vendorMembers) throws InvalidKeyException {
        ObjectNode node = parse(text);
        if (!hex(node).equals(text)) throw new InvalidKeyException("the key is not in its canonical form");
        JsonNode check = node.get(CHECK);
        if (check == null) {
            if (node.properties().stream().anyMatch(member -> !vendorMembers.contains(member.getKey())))
                throw new InvalidKeyException("the key has further members but no check");
        } else if (!check.isTextual() || !check.textValue().equals(check(node))) {
            throw new InvalidKeyException("the key's check does not match: it was changed or cut");
        }
        return new Members(node);
    }

    /** Drops the causes on purpose: a parser's message may quote the key. */
    private static ObjectNode parse(String text) throws InvalidKeyException {
        if (text.length() > MAX_CHARS) throw new InvalidKeyException("the key is too long");
        byte[] json;
        try {
            json = HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException("the key is not hexadecimal");
        }
        try {
            // Decoded strictly, so that no two texts read as one key.
            String decoded = StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(json)).toString();
            if (JSON.readTree(decoded) instanceof ObjectNode node) return node;
        } catch (IOException | RuntimeException e) {
            throw new InvalidKeyException("the key does not hold JSON");
        }
        throw new InvalidKeyException("the key does not hold a JSON object");
    }

    private record Members(ObjectNode node) {
        String text(String name) throws InvalidKeyException {
            JsonNode value = node.get(name);
            if (value == null || !value.isTextual() || value.textValue().isEmpty()) throw new InvalidKeyException("member " + name + " is missing or not a string");
            return value.textValue();
        }

        long number(String name) throws InvalidKeyException {
            JsonNode value = node.get(name);
            if (value == null || !value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1)
                throw new InvalidKeyException("member " + name + " is missing or not a positive integer");
            return value.longValue();
        }

        UUID uuid(String name) throws InvalidKeyException {
            String value = text(name);
            try {
                UUID uuid = UUID.fromString(value);
                if (uuid.toString().equals(value)) return uuid;
            } catch (IllegalArgumentException e) {
                // said below, without the value
            }
            throw new InvalidKeyException("member " + name + " is not a UUID");
        }

        Optional<String> optional(String name, Predicate<String> valid) throws InvalidKeyException {
            if (!node.has(name)) return Optional.empty();
            String value = text(name);
            if (!valid.test(value)) throw new InvalidKeyException("member " + name + " is not valid");
            return Optional.of(value);
        }
    }
}
