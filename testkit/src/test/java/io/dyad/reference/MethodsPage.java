package io.dyad.reference;

import io.dyad.spec.GoldenExchange;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Each method beside what it is tested by. A column stands for tests that go over every method of the contract. */
final class MethodsPage {
    private static final String JSON_RPC = "adapters/json-rpc/src/test/java/io/dyad/jsonrpc/";
    private static final String FUZZER = "testkit/src/main/java/io/dyad/testkit/kit/Misspoken.java";
    /** What a column rests on. */
    static final Map<String, List<String>> PROOFS = new LinkedHashMap<>();

    static {
        PROOFS.put("validated", List.of(JSON_RPC + "EveryMethodTest.java"));
        PROOFS.put("answered truly", List.of(JSON_RPC + "GoldenExchangesOnRealClustersTest.java"));
        PROOFS.put("golden exchange", List.of("spec/src/test/java/io/dyad/spec/GoldenTest.java", JSON_RPC + "GoldenExchangesTest.java"));
        PROOFS.put("fuzzed", List.of(FUZZER));
        PROOFS.put("since-version obeyed", List.of(JSON_RPC + "EveryMethodTest.java"));
    }

    private static final Set<String> TOO_MANY = Set.of("account full of volumes", "full of accounts", "full of admins");
    private final Spec spec;

    MethodsPage(Spec spec) { this.spec = spec; }

    /** The proofs that are not there. */
    static List<String> missing(Path root) { return PROOFS.values().stream().flatMap(List::stream).filter(p -> !Files.isRegularFile(root.resolve(p))).toList(); }

    String text() {
        StringBuilder page = new StringBuilder("# Methods and what they are tested by\n\nPrinted from the contract in `spec`; do not edit. To print it again: `").append(ReferenceTest.COMMAND).append("`\n\n");
        PROOFS.forEach((column, proofs) -> {
            page.append("- **").append(column).append("**: ");
            page.append(String.join(", ", proofs.stream().map(p -> "[" + p.substring(p.lastIndexOf('/') + 1).replace(".java", "") + "](../" + p + ")").toList())).append('\n');
        });
        page.append("\nEach of these goes over every method. *Answered truly* counts the exchanges played against two real clusters; golden exchanges are answers + refusals; ")
            .append("*minimum* marks methods that answer true emptiness.\n\n| method | validated | answered truly | golden exchange | fuzzed | since-version obeyed |\n|---|---|---|---|---|---|\n");
        spec.methods().values().forEach(m -> page.append("| [").append(m.name()).append("](api.md#").append(m.name().toLowerCase(Locale.ROOT)).append(") | ").append(m.params().size()).append(" params | ")
            .append(played(m)).append(m.about().minimum().isPresent() ? ", minimum" : "").append(" | ").append(count(m, false)).append(" + ").append(count(m, true)).append(" | ")
            .append(m.params().isEmpty() ? "no params" : "yes").append(" | ").append(m.since()).append(" |\n"));
        return page.toString();
    }

    private long count(MethodSpec m, boolean refusals) { return spec.golden().stream().filter(g -> g.method().equals(m.name()) && g.isRefusal() == refusals).count(); }

    /** What takes thousands of durable commands to arrange is played on a cluster of the mind alone. */
    private long played(MethodSpec m) {
        return spec.golden().stream().filter(g -> g.method().equals(m.name())).map(GoldenExchange::given).filter(g -> !TOO_MANY.contains(g.name())).count();
    }
}
