package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.ParamSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.Validation;
import io.dyad.spec.Validation.Invalid;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** What the first requests of the long siege really ask for: those that can be read, by method, and the params of each that were bent out of shape. */
final class SiegeCensus {
    static final int REQUESTS = 20_000;
    private static final Spec SPEC = Spec.load();

    private final Map<String, Integer> asked = new HashMap<>();
    private final Map<String, Set<String>> bent = new HashMap<>();

    private SiegeCensus() { }

    static SiegeCensus taken() {
        var census = new SiegeCensus();
        var requests = new HostileRequests(new SplittableRandom(LongSiegeTest.FIRST_SEED));
        for (int i = 0; i < REQUESTS; i++) census.count(requests.next());
        return census;
    }

    private void count(byte[] request) {
        JsonNode read;
        try {
            read = Json.read(request);
        } catch (IOException maimed) {
            return;
        }
        MethodSpec method = SPEC.methods().get(read.path("method").asText());
        if (method == null || !read.path("method").isTextual()) return;
        asked.merge(method.name(), 1, Integer::sum);
        method.params().stream().filter(p -> isBent(method, p, read.path("params").path(p.name())))
            .forEach(p -> bent.computeIfAbsent(method.name(), m -> new HashSet<>()).add(p.name()));
    }

    /** As if the method had this param alone. */
    private static boolean isBent(MethodSpec m, ParamSpec param, JsonNode value) {
        var alone = new MethodSpec(m.name(), m.about(), m.since(), m.access(), List.of(param), m.result(), m.errors(), m.rules());
        return !value.isMissingNode() && Validation.check(alone, Json.object().set(param.name(), value), SPEC.currentVersion()) instanceof Invalid;
    }

    int asked(MethodSpec m) { return asked.getOrDefault(m.name(), 0); }

    /** The params of the method that were given what the contract refuses. */
    Set<String> bent(MethodSpec m) { return bent.getOrDefault(m.name(), Set.of()); }
}
