package io.dyad.domain;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.dyad.domain.SampleSet.Asked;
import io.dyad.domain.SampleSet.Past;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The state by command table of one aggregate as Markdown, printed from what its decider answers to the samples. */
record TransitionPage(SampleSet set) {
    private static final String LEGEND = """
        A column is a state, a row a command. A cell says which events are appended and, bold, the state after them;
        `–`: accepted, nothing to append; `A_NAME`: refused. Where the answer depends on more than the types, each case has
        a line that begins with its condition, and the commonest comes last.
        """;

    String fileName() { return set.aggregate().kind() + ".md"; }

    String text() {
        var states = set.states();
        StringBuilder page = new StringBuilder("# ").append(set.aggregate().kind()).append(": state × command\n\n");
        page.append("Printed from the decider; do not edit. To print it again: `").append(TransitionPagesTest.COMMAND).append("`\n\n");
        page.append(LEGEND).append('\n');
        page.append("| |").append(names(states.keySet().stream(), " **%s** |")).append('\n');
        page.append("|---|").append("---|".repeat(states.size())).append('\n');
        set.commands().forEach((command, asked) -> {
            page.append("| ").append(command.getSimpleName()).append(" |");
            states.values().forEach(pasts -> page.append(' ').append(cell(pasts, asked)).append(" |"));
            page.append('\n');
        });
        return page.toString();
    }

    private static String names(Stream<Class<?>> types, String format) {
        return types.map(t -> String.format(format, t.getSimpleName())).collect(joining());
    }

    /** The distinct outcomes, the commonest last and without a condition. */
    private String cell(List<Past> pasts, List<Asked> asked) {
        Map<String, List<Cell>> outcomes = pasts.stream().flatMap(p -> asked.stream().map(a -> Cell.of(set.aggregate(), p, a)))
            .collect(groupingBy(Cell::outcome, LinkedHashMap::new, toList()));
        if (outcomes.size() == 1) return outcomes.keySet().iterator().next();
        String commonest = outcomes.entrySet().stream().max(Comparator.comparingInt(e -> e.getValue().size())).orElseThrow().getKey();
        List<String> lines = new ArrayList<>();
        outcomes.forEach((outcome, cells) -> {
            if (!outcome.equals(commonest)) lines.add(condition(cells, pasts, asked) + ": " + outcome);
        });
        lines.add("else: " + commonest);
        return String.join("<br>", lines);
    }

    /** Says no more than needed: a sample of one side alone where the other side does not matter. */
    private static String condition(List<Cell> cells, List<Past> pasts, List<Asked> asked) {
        List<Asked> anyState = asked.stream().filter(a -> count(cells, c -> c.asked().equals(a)) == pasts.size()).toList();
        List<Past> anyCommand = pasts.stream().filter(p -> count(cells, c -> c.past().equals(p)) == asked.size()).toList();
        Stream<String> both = cells.stream().filter(c -> !anyState.contains(c.asked()) && !anyCommand.contains(c.past()))
            .map(c -> c.past().label() + ", " + c.asked().label());
        return Stream.of(anyCommand.stream().map(Past::label), anyState.stream().map(Asked::label), both)
            .flatMap(s -> s).collect(joining("; or ", "*", "*"));
    }

    private static long count(List<Cell> cells, Predicate<Cell> which) { return cells.stream().filter(which).count(); }
}
