package io.dyad.jsonrpc;

import io.dyad.spec.GoldenExchange;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Each method beside what it is tested by. Nothing is asserted here: each column is counted from what its tests go over, or asked as they ask. */
final class MethodsPage {
    static final String COMMAND = "mvn -pl testkit -am test -Dtest='*ReferenceTest' -Dsurefire.failIfNoSpecifiedTests=false -Ddyad.write=true";
    private static final String JSON_RPC = "adapters/json-rpc/src/test/java/io/dyad/jsonrpc/";
    /** What a column rests on. */
    static final Map<String, List<String>> PROOFS = new LinkedHashMap<>();

    static {
        PROOFS.put("validated", List.of(JSON_RPC + "EveryMethodTest.java"));
        PROOFS.put("answered truly", List.of(JSON_RPC + "GoldenExchangesOnRealClustersTest.java"));
        PROOFS.put("golden exchange", List.of("spec/src/test/java/io/dyad/spec/GoldenTest.java", JSON_RPC + "GoldenExchangesTest.java"));
        PROOFS.put("fuzzed", List.of(JSON_RPC + "SiegeTest.java", JSON_RPC + "LongSiegeTest.java"));
        PROOFS.put("since-version obeyed", List.of(JSON_RPC + "EveryMethodTest.java"));
    }

    private final Spec spec = Spec.load();
    private final EveryMethodTest every = new EveryMethodTest();
    private final SiegeCensus siege = SiegeCensus.taken();

    /** The proofs that are not there. */
    static List<String> missing(Path root) { return PROOFS.values().stream().flatMap(List::stream).filter(p -> !Files.isRegularFile(root.resolve(p))).toList(); }

    String text() {
        StringBuilder page = new StringBuilder("# Methods and what they are tested by\n\nPrinted from the tests; do not edit. To print it again: `").append(COMMAND).append("`\n\n");
        PROOFS.forEach((column, proofs) -> {
            page.append("- **").append(column).append("**: ");
            page.append(String.join(", ", proofs.stream().map(p -> "[" + p.substring(p.lastIndexOf('/') + 1).replace(".java", "") + "](../" + p + ")").toList())).append('\n');
        });
        page.append("\n*Validated*: params that are refused when mistyped. *Answered truly*: exchanges played on two real clusters; *minimum* marks methods that answer true emptiness. ")
            .append("*Golden exchange*: answers + refusals. *Fuzzed*: params that the first ").append(String.format(Locale.ROOT, "%,d", SiegeCensus.REQUESTS))
            .append(" requests of the siege of a million bent out of shape. *Since-version obeyed*: the first endpoint that answers it.\n\n")
            .append("| method | validated | answered truly | golden exchange | fuzzed | since-version obeyed |\n|---|---|---|---|---|---|\n");
        spec.methods().values().forEach(m -> page.append("| [").append(m.name()).append("](api.md#").append(m.name().toLowerCase(Locale.ROOT)).append(") | ").append(String.join(" | ", row(m))).append(" |\n"));
        return page.toString();
    }

    private List<String> row(MethodSpec m) {
        return List.of(of(m, refusedWhenMistyped(m)), count(GoldenExchangesOnRealClustersTest.exchanges(), m) + (m.about().minimum().isPresent() ? ", minimum" : ""),
            count(GoldenExchanges.exchanges().filter(g -> !g.isRefusal()), m) + " + " + count(GoldenExchanges.exchanges().filter(GoldenExchange::isRefusal), m),
            siege.asked(m) == 0 ? "no" : of(m, siege.bent(m).size()), firstAnswering(m));
    }

    private static String of(MethodSpec m, long params) { return m.params().isEmpty() ? "yes, no params" : params + " of " + m.params().size() + " params"; }

    private long refusedWhenMistyped(MethodSpec m) { return m.params().stream().filter(p -> every.mistyped(m, p).path("name").asText().equals("xInvalidParameterType")).count(); }

    private String firstAnswering(MethodSpec m) { return spec.versions().stream().filter(v -> every.isKnown(m, v)).findFirst().map(Version::toString).orElse("never"); }

    private static long count(Stream<GoldenExchange> exchanges, MethodSpec m) { return exchanges.filter(g -> g.method().equals(m.name())).count(); }
}
