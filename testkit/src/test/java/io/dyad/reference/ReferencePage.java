package io.dyad.reference;

import static java.util.stream.Collectors.joining;

import io.dyad.spec.ErrorSpec;
import io.dyad.spec.FieldSpec;
import io.dyad.spec.GoldenExchange;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.ParamSpec;
import io.dyad.spec.Sample;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec;
import io.dyad.spec.TypeSpec.Members;
import io.dyad.spec.TypeSpec.Scalar;
import io.dyad.spec.TypeSpec.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The contract as Markdown for people: every method, type and error. */
final class ReferencePage {
    private final Spec spec;

    ReferencePage(Spec spec) { this.spec = spec; }

    /** Methods and members that the vendor's API does not have bear our name. */
    static boolean isOurs(String name) { return name.toLowerCase(Locale.ROOT).startsWith("dyad"); }

    /** A request as one would send it: answered, and not there to show an oddity, of which its notes tell. */
    static boolean isExample(GoldenExchange golden) { return !golden.isRefusal() && golden.notes().isEmpty(); }

    String text() {
        StringBuilder page = new StringBuilder("# The API\n\nPrinted from the contract in `spec`; do not edit. To print it again: `").append(ReferenceTest.COMMAND).append("`\n\n");
        page.append("`POST https://MVIP/json-rpc/VERSION`, HTTP Basic on every call, one JSON object: `method`, optional `params` and `id`. Versions ")
            .append(spec.versions().first()).append(" to ").append(spec.currentVersion()).append("; a method answers on every endpoint from its own version on, a param counts from its own on. ")
            .append("Unknown params are ignored, wrong types are not; numbers and booleans may come as strings. `administrator` covers every method. ")
            .append("As a document for tools: [openrpc.json](openrpc.json); what each method is tested by: [methods.md](methods.md).\n\n");
        Map<String, List<MethodSpec>> families = spec.methods().values().stream().collect(Collectors.groupingBy(m -> m.about().family(), LinkedHashMap::new, Collectors.toList()));
        families.forEach((family, methods) -> page.append("- ").append(family).append(": ").append(methods.stream().map(m -> link(m.name(), m.name())).collect(joining(" · "))).append('\n'));
        page.append("- [Served so that who asks is answered](#the-honest-minimum) · [Types](#types) · [Errors](#errors)\n");
        families.forEach((family, methods) -> {
            page.append("\n## ").append(family).append('\n');
            methods.forEach(m -> method(page, m));
        });
        minimum(page);
        types(page);
        errors(page);
        return page.toString();
    }

    private static String link(String name, String to) { return "[" + name + "](#" + to.toLowerCase(Locale.ROOT) + ")"; }

    private void method(StringBuilder page, MethodSpec m) {
        page.append("\n### ").append(m.name()).append("\n").append(m.about().sentence());
        if (isOurs(m.name())) page.append(" **Ours**: the vendor's API has no such method.");
        m.about().minimum().ifPresent(minimum -> page.append(" **Minimum**: ").append(minimum));
        page.append("\n\nSince ").append(m.since()).append("; for ").append(String.join(", ", m.access().stream().sorted().toList())).append(".\n\n");
        if (!m.params().isEmpty()) {
            page.append("| param | type | | since | |\n|---|---|---|---|---|\n");
            m.params().forEach(p -> page.append("| `").append(p.name()).append("` | ").append(type(p.type())).append(" | ").append(need(p)).append(" | ").append(p.since()).append(" | ").append(cell(p.doc())).append(" |\n"));
            page.append('\n');
        }
        if (m.result().fields().isEmpty()) page.append("Answers `{}`.\n\n");
        else page.append("Answers ").append(m.result().fields().stream().map(this::field).collect(joining(", ")))
            .append(m.result().further().map(f -> ", and further members of type " + type(f)).orElse("")).append(".\n\n");
        if (!m.errors().isEmpty()) page.append("Refuses with ").append(m.errors().stream().map(e -> link(e, "errors")).collect(joining(", "))).append(".\n\n");
        example(m.name()).ifPresent(g -> page.append("```json\n").append(Sample.request(g)).append('\n').append(Sample.response(g)).append("\n```\n"));
    }

    private Optional<GoldenExchange> example(String method) {
        return spec.golden().stream().filter(g -> g.method().equals(method) && isExample(g) && g.version().equals(spec.currentVersion())).findFirst();
    }

    private static String need(ParamSpec p) {
        String otherwise = p.unsaid().whenAbsent().map(value -> "default `" + value + "`").orElse("optional");
        return p.required() ? "required" : otherwise + p.unsaid().whenNull().map(value -> ", null is `" + value + "`").orElse("");
    }

    private String field(FieldSpec f) {
        return "`" + f.name() + "` " + type(f.type()) + (f.optional() ? " (may be absent)" : "") + (f.nullable() ? " (may be null)" : "") + (isOurs(f.name()) ? " (ours)" : "");
    }

    private static String type(TypeSpec type) { return cell(type.name()); }

    private static String cell(String text) { return text.replace("|", "\\|").replace("<", "&lt;"); }

    private void minimum(StringBuilder page) {
        page.append("\n## The honest minimum\nWhat monitoring asks for and this cluster has little of: the right shape, and true.\n\n");
        spec.methods().values().forEach(m -> m.about().minimum().ifPresent(says -> page.append("- ").append(link(m.name(), m.name())).append(": ").append(says).append('\n')));
    }

    private void types(StringBuilder page) {
        page.append("\n## Types\n\n");
        spec.types().values().stream().filter(Schemas::isNamed).forEach(t -> page.append("- **").append(t.name()).append("** ").append(cell(t.doc())).append(' ').append(switch (t) {
            case Scalar s  -> scalar(s);
            case Words w   -> "one of " + w.values().stream().map(v -> "`" + v + "`").collect(joining(", ")) + (w.ignoreCase() ? ", read in any case" : "");
            case Members m -> m.fields().stream().map(this::field).collect(joining(", "));
            default        -> type(t);
        }).append('\n'));
    }

    private static String scalar(Scalar s) {
        String bounds = s.bounds().min().isPresent() || s.bounds().max().isPresent() ? ", " + s.bounds() + (s.kind() == TypeSpec.Kind.STRING ? " characters" : "") : "";
        return s.kind().word() + bounds + s.pattern().map(p -> ", of the form `" + p.pattern() + "`").orElse("") + (s.secret() ? ", never repeated in a message" : "");
    }

    private void errors(StringBuilder page) {
        page.append("\n## Errors\nThe code is always ").append(ErrorSpec.CODE).append(".\n\n| name | message | when | |\n|---|---|---|---|\n");
        spec.errors().values().forEach(e -> page.append("| ").append(e.name()).append(" | ").append(cell(e.template())).append(" | ").append(cell(e.when())).append(" | ")
            .append(e.anyMethod() ? "any method" : e.inAnswer() ? "in an answer" : "").append((e.anyMethod() || e.inAnswer()) && e.ours() ? ", " : "").append(e.ours() ? "our name" : "").append(" |\n"));
    }
}
