package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.jsonrpc.Dispatcher.Caller;
import io.dyad.spec.Spec;
import io.dyad.testkit.kit.ApiError;
import io.dyad.testkit.kit.ElementEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.Set;

/** The API of a cluster without a wire: the library under its own table of methods. */
public final class InProcessApi implements ElementEndpoint {
    private static final Caller ADMIN = new Caller("kit", Set.of("administrator"), Spec.load().currentVersion());

    private final Dispatcher dispatcher;

    public InProcessApi(Cluster cluster) { this.dispatcher = new Dispatcher(MethodTable.of(cluster)); }

    /** What is answered. No method is called, so that no cluster is needed. */
    public static Set<String> methods() { return MethodTable.of(Unasked.CLUSTER).names(); }

    /** A cluster that nobody asks. */
    private static final class Unasked {
        static final Cluster CLUSTER = (Cluster) Proxy.newProxyInstance(Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (self, method, args) -> {
            throw new UnsupportedOperationException(method.getName());
        });
    }

    @Override public JsonNode call(String method, ObjectNode params) throws ApiError {
        ObjectNode envelope = Json.object().put("method", method).put("id", 1);
        envelope.set("params", params);
        try {
            JsonNode answer = Json.read(dispatcher.answer(ADMIN, Json.write(envelope)));
            JsonNode error = answer.path("error");
            if (!error.isMissingNode()) throw new ApiError(error.path("name").asText(), error.path("message").asText());
            return answer.path("result");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
