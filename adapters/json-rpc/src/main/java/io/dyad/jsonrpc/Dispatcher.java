package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.RefusedException;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.Validation;
import io.dyad.spec.Validation.Invalid;
import io.dyad.spec.Validation.Valid;
import io.dyad.spec.Version;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request's bytes to an answer's: reads the envelope, asks the contract, calls the method, words the errors. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Spec SPEC = Spec.load();
    private static final int SHOWN_CHARS = 64;

    /** An administrator who has logged in, what the access lists allow, and the endpoint that was asked. */
    record Caller(String username, Set<String> access, Version version) {
        Caller { access = Set.copyOf(access); }
    }

    private final MethodTable table;

    Dispatcher(MethodTable table) { this.table = table; }

    byte[] answer(Caller caller, byte[] body) {
        JsonNode request;
        try {
            request = Json.read(body);
        } catch (IOException notJson) {
            return error(NullNode.getInstance(), invalidRequest("the body is no JSON that can be read"));
        }
        JsonNode id = request.path("id").isMissingNode() ? NullNode.getInstance() : request.get("id");
        try {
            return result(id, called(caller, request));
        } catch (ApiException e) {
            return error(id, e);
        } catch (RuntimeException e) {
            return error(id, internal(e));
        }
    }

    byte[] tooLarge(int limitBytes) {
        return error(NullNode.getInstance(), invalidRequest("the body is larger than " + limitBytes + " bytes"));
    }

    private ObjectNode called(Caller caller, JsonNode request) {
        if (!request.isObject()) throw invalidRequest("the body is no object");
        if (!request.path("method").isTextual()) throw invalidRequest("method is no string");
        String name = request.get("method").textValue();
        MethodSpec method = SPEC.method(name, caller.version())
            .orElseThrow(() -> ApiException.of("xUnknownAPIMethod", Map.of("method", shown(name))));
        if (!method.allows(caller.access())) {
            throw ApiException.of("xPermissionDenied", Map.of("method", name, "access", String.join(", ", method.access().stream().sorted().toList())));
        }
        ObjectNode params = switch (Validation.check(method, request.path("params"), caller.version())) {
            case Valid valid     -> valid.params();
            case Invalid invalid -> throw new ApiException(invalid.errorName(), invalid.message());
        };
        try {
            return table.method(name).answer(new Call(params, new Cause(caller.username(), name)));
        } catch (RefusedException e) {
            if (ApiException.errorName(e.refusal()).equals(ApiException.INTERNAL)) throw e;
            throw ApiException.of(e.refusal(), String.valueOf(e.getMessage()));
        }
    }

    private static String shown(String name) { return name.length() <= SHOWN_CHARS ? name : name.substring(0, SHOWN_CHARS) + "…"; }

    private static ApiException invalidRequest(String problem) { return ApiException.of("xInvalidRequest", Map.of("problem", problem)); }

    /** The caller learns a reference and nothing else. */
    private static ApiException internal(RuntimeException unforeseen) {
        UUID reference = UUID.randomUUID();
        LOG.error("A call failed ({})", reference, unforeseen);
        return ApiException.of(ApiException.INTERNAL, Map.of("reference", reference));
    }

    private static byte[] result(JsonNode id, ObjectNode result) {
        ObjectNode envelope = Json.object();
        envelope.set("id", id);
        envelope.set("result", result);
        return Json.write(envelope);
    }

    private static byte[] error(JsonNode id, ApiException e) {
        ObjectNode envelope = Json.object();
        envelope.set("error", e.json());
        envelope.set("id", id);
        return Json.write(envelope);
    }
}
