package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.ParamSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec;
import io.dyad.spec.TypeSpec.ListOf;
import io.dyad.spec.TypeSpec.MapOf;
import io.dyad.spec.TypeSpec.Members;
import io.dyad.spec.TypeSpec.Scalar;
import io.dyad.spec.TypeSpec.Words;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Requests as no honest client sends them, drawn from the contract: mistyped, out of bounds, oversized, maimed; one in eight is left as it should be. */
final class HostileRequests {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** Sorted, so that a seed means the same in every process. */
    private static final List<MethodSpec> METHODS = Spec.load().methods().values().stream().sorted(Comparator.comparing(MethodSpec::name)).toList();
    private static final List<String> TEXTS = List.of("", " ", "\u0000", "null", "true", "-1", "1e309", "NaN", "0x10", "../../etc/passwd", "'; DROP TABLE DomainEventEntry; --",
        "%s%n%x", "${jndi:ldap://127.0.0.1/a}", "<script>", "\r\nX: y", "\ud83d\ude00", "\u202e\u0000\uffff", "{\"a\":1}", "7b7d", "9999-12-31T23:59:59Z", "00:00:00", "99999999999:00:00");
    private static final List<String> NUMBERS = List.of("0", "-1", "1", "2", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e308", "1e-400", "0.5",
        "1.0", "1000000000", "17592186044416", "17592186044417", "123456789012345678901234567890");
    private static final List<String> ENVELOPES = List.of("", "[]", "7", "\"x\"", "null", "{}", "{\"method\":null}", "{\"method\":[]}", "[{\"method\":\"GetAPI\"}]", "{\"method\":\"GetAPI\"}{}",
        "{\"method\":\"GetAPI\",\"method\":\"ListVolumes\"}", "{\"method\":\"GetAPI\",\"params\":[1]}", "{\"method\":\"GetAPI\",\"id\":{\"a\":[[]]}}", "\ufeff{\"method\":\"GetAPI\"}");
    private static final int LONG_CHARS = 70_000;

    private final RandomGenerator random;

    HostileRequests(RandomGenerator random) { this.random = random; }

    byte[] next() {
        if (random.nextInt(64) == 0) return pick(ENVELOPES).getBytes(StandardCharsets.UTF_8);
        byte[] request = Json.write(request());
        return random.nextInt(6) == 0 ? maimed(request) : request;
    }

    private ObjectNode request() {
        MethodSpec method = pick(METHODS);
        ObjectNode request = Json.object().put("method", random.nextInt(40) == 0 ? method.name() + pick(TEXTS) : method.name());
        request.set("params", params(method));
        request.set("id", random.nextInt(4) == 0 ? anything(3) : JSON.numberNode(1));
        return request;
    }

    /** Every required param and half of the others; as a rule one of them, or one that nobody knows, is hostile. */
    private JsonNode params(MethodSpec method) {
        ObjectNode params = JSON.objectNode();
        boolean honest = random.nextInt(8) == 0;
        for (ParamSpec param : method.params()) {
            boolean left = param.required() ? !honest && random.nextInt(24) == 0 : random.nextBoolean();
            if (!left) params.set(param.name(), honest ? value(param.type()) : random.nextInt(3) == 0 ? anything(4) : bent(param.type()));
        }
        if (!honest && random.nextInt(8) == 0) params.set(pick(TEXTS), anything(4));
        return honest || random.nextInt(32) != 0 ? params : anything(2);
    }

    private JsonNode value(TypeSpec type) {
        return switch (type) {
            case Scalar s  -> scalar(s);
            case Words w   -> JSON.textNode(pick(w.values()));
            case ListOf l  -> list(l);
            case MapOf m   -> JSON.objectNode().set("a", value(m.value()));
            case Members m -> members(m);
        };
    }

    private JsonNode scalar(Scalar type) {
        return switch (type.kind()) {
            case INTEGER -> JSON.numberNode(type.bounds().min().orElse(0) + random.nextInt(6));
            case NUMBER  -> JSON.numberNode(random.nextInt(100));
            case BOOLEAN -> JSON.booleanNode(random.nextBoolean());
            case STRING  -> JSON.textNode("v".repeat((int) Math.min(64, type.bounds().min().orElse(1))) + (type.bounds().max().orElse(64) > 60 ? random.nextInt(40) : ""));
            case OBJECT  -> JSON.objectNode().put("a", 1);
            case ARRAY   -> JSON.arrayNode();
        };
    }

    private ArrayNode list(ListOf type) {
        ArrayNode list = JSON.arrayNode();
        for (int n = random.nextInt(4); n > 0; n--) list.add(value(type.element()));
        return list;
    }

    private ObjectNode members(Members type) {
        ObjectNode object = JSON.objectNode();
        type.fields().stream().filter(f -> !f.optional() || random.nextBoolean()).forEach(f -> object.set(f.name(), value(f.type())));
        return object;
    }

    /** A value of the right kind that is off in one way. */
    private JsonNode bent(TypeSpec type) {
        return switch (type.kind()) {
            case INTEGER, NUMBER -> random.nextBoolean() ? JSON.numberNode(new BigDecimal(pick(NUMBERS))) : JSON.textNode(pick(NUMBERS));
            case BOOLEAN         -> random.nextBoolean() ? JSON.textNode(pick(List.of("true", "FALSE", "yes", ""))) : JSON.booleanNode(random.nextBoolean());
            case STRING          -> random.nextInt(3) == 0 ? value(type) : text();
            case OBJECT, ARRAY   -> random.nextBoolean() ? value(type) : spoilt(type);
        };
    }

    private JsonNode spoilt(TypeSpec type) {
        return switch (type) {
            case ListOf l  -> JSON.arrayNode().add(value(l.element())).add(anything(3));
            case Members m when !m.fields().isEmpty() -> members(m).set(pick(m.fields()).name(), anything(3));
            default        -> JSON.objectNode().set(pick(TEXTS), anything(3));
        };
    }

    private JsonNode text() { return JSON.textNode(random.nextInt(400) == 0 ? "x".repeat(random.nextInt(LONG_CHARS)) : pick(TEXTS)); }

    private JsonNode anything(int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 8)) {
            case 0  -> JSON.nullNode();
            case 1  -> JSON.booleanNode(random.nextBoolean());
            case 2  -> JSON.numberNode(new BigDecimal(pick(NUMBERS)));
            case 3, 4 -> text();
            case 5  -> nested(1 + random.nextInt(80));
            case 6  -> JSON.arrayNode().add(anything(depth - 1)).add(anything(depth - 1));
            default -> JSON.objectNode().set(pick(TEXTS), anything(depth - 1));
        };
    }

    private static JsonNode nested(int levels) {
        JsonNode value = JSON.numberNode(7);
        for (int i = 0; i < levels; i++) value = i % 2 == 0 ? JSON.arrayNode().add(value) : JSON.objectNode().set("a", value);
        return value;
    }

    /** Bytes flipped, cut off, doubled, or a member told twice. */
    private byte[] maimed(byte[] request) {
        return switch (random.nextInt(4)) {
            case 0  -> Arrays.copyOf(request, random.nextInt(request.length));
            case 1  -> flipped(request);
            case 2  -> doubled(request, random.nextInt(request.length));
            default -> new String(request, StandardCharsets.UTF_8).replaceFirst("\"params\":", "\"params\":{},\"params\":").getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] flipped(byte[] request) {
        for (int n = 1 + random.nextInt(4); n > 0; n--) request[random.nextInt(request.length)] ^= (byte) (1 << random.nextInt(8));
        return request;
    }

    private static byte[] doubled(byte[] request, int at) {
        byte[] all = Arrays.copyOf(request, at + request.length);
        System.arraycopy(request, 0, all, at, request.length);
        return all;
    }

    private <T> T pick(List<T> of) { return of.get(random.nextInt(of.size())); }
}
