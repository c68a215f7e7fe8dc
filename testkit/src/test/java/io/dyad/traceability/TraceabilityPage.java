package io.dyad.traceability;

import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.dyad.spec.RuleSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Each rule beside the tests named after it, as Markdown. {@code tests} are by source file, its path from the repository's root. */
record TraceabilityPage(List<RuleSpec> rules, Map<String, List<NamedTest>> tests) {
    private static final List<String> ORDER = List.of("CP", "VP", "FO", "MS", "LI", "ER");
    private static final List<String> TITLES = List.of("Cluster pairs", "Volume pairs", "Failover, failback, size", "Modes and snapshots",
        "Limits", "Errata of the published reference, not to be reproduced");

    TraceabilityPage {
        rules = rules.stream().sorted(comparingInt((RuleSpec r) -> ORDER.indexOf(r.family())).thenComparingInt(TraceabilityPage::number)).toList();
    }

    private static int number(RuleSpec rule) { return Integer.parseInt(rule.id().substring(rule.family().length() + 1)); }

    /** Reads the tests, and the kit that testkit publishes, from the sources under a repository's root. */
    static TraceabilityPage of(Collection<RuleSpec> rules, Path root) throws IOException {
        Map<String, List<NamedTest>> tests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.map(file -> root.relativize(file).toString().replace('\\', '/')).filter(TraceabilityPage::mayTest)
                .forEach(path -> tests.put(path, NamedTest.in(read(root.resolve(path)))));
        }
        return new TraceabilityPage(List.copyOf(rules), tests);
    }

    private static boolean mayTest(String path) {
        return path.matches("([a-z][^/]*/)*src/test/java/.+\\.java|testkit/src/main/java/.+\\.java") && !path.contains("/target/");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Tests named after rules that nobody has written down. */
    List<NamedTest> strays() {
        List<String> known = rules.stream().map(RuleSpec::id).toList();
        return tests.values().stream().flatMap(List::stream).filter(t -> !known.contains(t.rule())).toList();
    }

    List<String> untested() { return rules.stream().map(RuleSpec::id).filter(Predicate.not(this::isTested)).toList(); }

    private boolean isTested(String rule) { return tests.values().stream().flatMap(List::stream).anyMatch(t -> t.rule().equals(rule)); }

    String text() {
        StringBuilder page = new StringBuilder("# Rules and their tests\n\n");
        page.append("Printed from the rules in `spec` and from the tests that bear their ids; do not edit. To print it again: `")
            .append(TraceabilityTest.COMMAND).append("`\n\n");
        page.append(rules.size() - untested().size()).append(" of ").append(rules.size()).append(" rules have a test.");
        if (!untested().isEmpty()) page.append(" **Without one: ").append(String.join(", ", untested())).append(".**");
        page.append('\n');
        String family = "";
        for (RuleSpec rule : rules) {
            if (!rule.family().equals(family)) {
                family = rule.family();
                page.append("\n## ").append(TITLES.get(ORDER.indexOf(family))).append('\n');
            }
            page.append("\n**").append(rule.id()).append("** ").append(rule.statement()).append("\n").append(testsOf(rule.id()));
        }
        return page.toString();
    }

    private String testsOf(String rule) {
        if (!isTested(rule)) return "- ⚠ **no test**\n";
        StringBuilder lines = new StringBuilder();
        tests.forEach((path, named) -> new TreeMap<>(named.stream().filter(t -> t.rule().equals(rule)).collect(groupingBy(NamedTest::type)))
            .forEach((type, its) -> lines.append("- [").append(type).append("](../").append(path).append("): ")
                .append(its.stream().map(NamedTest::says).distinct().collect(joining(" · "))).append('\n')));
        return lines.toString();
    }
}
