package io.dyad.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.jsonrpc.InProcessApi;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/api.md and docs/openrpc.json to the contract; with {@code -Ddyad.write=true} writes them. */
class ReferenceTest {
    static final String COMMAND = "mvn -pl testkit -am test -Dtest='*ReferenceTest' -Dsurefire.failIfNoSpecifiedTests=false -Ddyad.write=true";
    private static final Path ROOT = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("..").normalize();
    private static final Spec SPEC = Spec.load();

    private static void current(String name, String text) throws IOException {
        Path file = ROOT.resolve("docs").resolve(name);
        if (Boolean.getBoolean("dyad.write")) Files.writeString(file, text);
        assertThat(file).as("missing: " + COMMAND).exists();
        assertThat(Files.readString(file)).as("stale: " + COMMAND).isEqualTo(text);
    }

    @Test void the_reference_page_is_what_the_contract_says() throws IOException { current("api.md", new ReferencePage(SPEC).text()); }

    @Test void the_open_rpc_document_is_what_the_contract_says() throws IOException { current("openrpc.json", new OpenRpc(SPEC).text()); }

    @Test void a_method_stands_in_every_form_of_the_contract_or_in_none() throws IOException {
        Set<String> contract = SPEC.methods().keySet();
        assertThat(InProcessApi.methods()).as("the table that answers").containsExactlyInAnyOrderElementsOf(contract);
        assertThat(SPEC.methodsAt(SPEC.currentVersion())).as("GetAPI").extracting(MethodSpec::name).containsExactlyInAnyOrderElementsOf(contract);
        assertThat(new OpenRpc(SPEC).document().get("methods")).as("OpenRPC").extracting(m -> m.get("name").asText()).containsExactlyInAnyOrderElementsOf(contract);
        assertThat(headings("api.md", "(?m)^### (\\w+)$")).as("the page").containsExactlyInAnyOrderElementsOf(contract);
        assertThat(headings("methods.md", "(?m)^\\| \\[(\\w+)]")).as("the table").containsExactlyInAnyOrderElementsOf(contract);
        assertThat(SPEC.golden()).extracting(g -> g.method()).as("golden exchanges").containsAll(contract);
    }

    private static List<String> headings(String name, String pattern) throws IOException {
        return Pattern.compile(pattern).matcher(Files.readString(ROOT.resolve("docs").resolve(name))).results().map(r -> r.group(1)).toList();
    }

    @Test void the_document_has_what_open_rpc_requires() {
        ObjectNode document = new OpenRpc(SPEC).document();
        assertThat(document.get("openrpc").asText()).matches("1\\.[0-3]\\.\\d+");
        assertThat(document.at("/info/title").asText()).isNotEmpty();
        assertThat(document.at("/info/version").asText()).isNotEmpty();
        assertThat(document.get("methods")).allSatisfy(m -> {
            assertThat(m.get("name").asText()).isNotEmpty();
            assertThat(m.at("/result/name").asText()).isNotEmpty();
            assertThat(m.at("/result/schema").isObject()).isTrue();
            assertThat(m.get("params")).allSatisfy(p -> assertThat(p.at("/schema").isObject() && !p.get("name").asText().isEmpty()).isTrue());
            assertThat(m.get("params")).extracting(p -> p.get("name").asText()).doesNotHaveDuplicates();
            assertThat(m.get("errors")).extracting(e -> e.get("code").asInt()).doesNotHaveDuplicates();
            assertThat(m.get("errors")).allSatisfy(e -> assertThat(e.get("message").isTextual()).isTrue());
            assertThat(m.get("examples")).isNotEmpty().allSatisfy(e -> assertThat(e.get("params").isArray() && e.has("name") && e.at("/result").has("value")).isTrue());
        });
    }

    @Test void what_the_document_refers_to_is_there_and_what_is_there_is_referred_to() {
        ObjectNode document = new OpenRpc(SPEC).document();
        Set<String> referred = new HashSet<>();
        document.findValuesAsText("$ref").forEach(r -> referred.add(r.substring(r.lastIndexOf('/') + 1)));
        Set<String> defined = new HashSet<>();
        document.at("/components/schemas").properties().forEach(e -> defined.add(e.getKey()));
        assertThat(referred).isEqualTo(defined);
    }

    @Test void an_example_is_a_request_that_the_method_takes() {
        for (JsonNode method : new OpenRpc(SPEC).document().get("methods")) {
            Set<String> known = new HashSet<>();
            method.get("params").forEach(p -> known.add(p.get("name").asText()));
            method.at("/examples/0/params").forEach(p -> assertThat(known).as(method.get("name").asText()).contains(p.get("name").asText()));
        }
    }
}
