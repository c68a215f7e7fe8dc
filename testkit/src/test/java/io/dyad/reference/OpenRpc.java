package io.dyad.reference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.ErrorSpec;
import io.dyad.spec.GoldenExchange;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.ParamSpec;
import io.dyad.spec.Sample;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec;
import java.util.Map;
import java.util.TreeMap;

/** The contract as an OpenRPC document (specification 1.3). What OpenRPC has no word for stands under {@code x-}. */
final class OpenRpc {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final Spec spec;

    OpenRpc(Spec spec) { this.spec = spec; }

    String text() {
        try {
            var printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter(" ", "\n"));
            return MAPPER.writer(printer).writeValueAsString(document()) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always writable", e);
        }
    }

    ObjectNode document() {
        ObjectNode all = JSON.objectNode().put("openrpc", "1.3.2");
        all.putObject("info").put("title", "Dyad: the Element API").put("version", spec.currentVersion().toString())
            .put("description", "HTTP Basic on every call. Unknown params are ignored; numbers and booleans may come as strings; null is absent unless said otherwise. Results and errors alike are HTTP 200.");
        ObjectNode server = all.putArray("servers").addObject().put("name", "cluster").put("url", "https://${mvip}/json-rpc/${version}");
        ObjectNode variables = server.putObject("variables");
        variables.putObject("mvip").put("default", "127.0.0.1:8443");
        var versions = variables.putObject("version").put("default", spec.currentVersion().toString()).putArray("enum");
        spec.versions().forEach(v -> versions.add(v.toString()));
        var methods = all.putArray("methods");
        spec.methods().values().forEach(m -> methods.add(method(m)));
        ObjectNode schemas = all.putObject("components").putObject("schemas");
        types().forEach((name, type) -> schemas.set(name, Schemas.body(type)));
        return all;
    }

    private Map<String, TypeSpec> types() {
        Map<String, TypeSpec> named = new TreeMap<>(spec.types());
        named.values().removeIf(t -> !Schemas.isNamed(t));
        return named;
    }

    private ObjectNode method(MethodSpec m) {
        ObjectNode json = JSON.objectNode().put("name", m.name()).put("summary", m.about().sentence());
        json.putArray("tags").addObject().put("name", m.about().family());
        json.put("paramStructure", "by-name");
        var params = json.putArray("params");
        m.params().stream().sorted((a, b) -> Boolean.compare(b.required(), a.required())).forEach(p -> params.add(param(p)));
        json.putObject("result").put("name", m.name() + "Result").set("schema", Schemas.members(JSON.objectNode().put("type", "object"), m.result()));
        errors(json, m);
        var examples = json.putArray("examples");
        spec.golden().stream().filter(g -> g.method().equals(m.name()) && ReferencePage.isExample(g)).forEach(g -> examples.add(example(g)));
        json.put("x-since", m.since().toString());
        var access = json.putArray("x-access").add("administrator");
        m.access().stream().sorted().forEach(access::add);
        m.about().minimum().ifPresent(minimum -> json.put("x-minimum", minimum));
        return json.put("x-ours", ReferencePage.isOurs(m.name()));
    }

    private static ObjectNode param(ParamSpec p) {
        ObjectNode json = JSON.objectNode().put("name", p.name()).put("description", p.doc()).put("required", p.required());
        ObjectNode schema = Schemas.of(p.type());
        p.unsaid().whenAbsent().ifPresent(value -> json.set("x-default", value));
        json.set("schema", schema);
        return json.put("x-since", p.since().toString());
    }

    /** An error's code is always the same, and OpenRPC wants codes to be unique: one error object tells the names. */
    private void errors(ObjectNode json, MethodSpec m) {
        ObjectNode error = json.putArray("errors").addObject().put("code", ErrorSpec.CODE).put("message", "One of data; the wire's error object has its name beside code and message.");
        var data = error.putArray("data");
        m.errors().stream().map(spec::error).forEach(e -> data.addObject().put("name", e.name()).put("message", e.template()));
        spec.errors().values().stream().filter(ErrorSpec::anyMethod).forEach(e -> data.addObject().put("name", e.name()).put("message", e.template()));
    }

    private static ObjectNode example(GoldenExchange golden) {
        ObjectNode json = JSON.objectNode().put("name", golden.name()).put("description", golden.given().doc());
        var params = json.putArray("params");
        JsonNode request = Sample.request(golden).path("params");
        request.properties().forEach(p -> params.addObject().put("name", p.getKey()).set("value", p.getValue()));
        json.putObject("result").put("name", golden.method() + "Result").set("value", Sample.response(golden).get("result"));
        return json;
    }
}
