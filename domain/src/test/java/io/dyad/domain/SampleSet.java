package io.dyad.domain;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Samples of every state and every command of one aggregate. A record without a sample is an error, so a new one cannot be forgotten. */
final class SampleSet {
    /** A state, by the history that leads to it; the label tells it from its type's other samples. */
    record Past(String label, List<Event> events, State state) { }

    record Asked(String label, Command command) { }

    private final Aggregate aggregate;
    private final Class<? extends State> states;
    private final Class<? extends Command> commands;
    private final List<Past> pasts = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();

    SampleSet(Aggregate aggregate, Class<? extends State> states, Class<? extends Command> commands) {
        this.aggregate = aggregate;
        this.states = states;
        this.commands = commands;
    }

    SampleSet past(String label, Event... events) { return past(label, List.of(events)); }

    SampleSet past(String label, List<Event> events) {
        pasts.add(new Past(label, events, Given.fold(aggregate, aggregate.initial(), events)));
        return this;
    }

    SampleSet ask(String label, Command command) {
        asked.add(new Asked(label, command));
        return this;
    }

    Aggregate aggregate() { return aggregate; }

    Class<? extends State> stateType() { return states; }

    Class<? extends Command> commandType() { return commands; }

    /** Every state type, in the order of its declaration, with its samples. */
    Map<Class<?>, List<Past>> states() { return byType(states, pasts.stream().collect(groupingBy(p -> p.state().getClass()))); }

    Map<Class<?>, List<Asked>> commands() { return byType(commands, asked.stream().collect(groupingBy(a -> a.command().getClass()))); }

    Stream<Cell> cells() { return pasts.stream().flatMap(p -> asked.stream().map(a -> Cell.of(aggregate, p, a))); }

    private static <T> Map<Class<?>, List<T>> byType(Class<?> sealed, Map<? extends Class<?>, List<T>> samples) {
        Map<Class<?>, List<T>> all = new LinkedHashMap<>();
        for (Class<?> type : sealed.getPermittedSubclasses()) {
            List<T> found = samples.get(type);
            if (found == null) throw new AssertionError(type.getName() + " has no sample");
            all.put(type, found);
        }
        return all;
    }
}
