package io.dyad.eventstore;

import io.dyad.domain.State;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name of a state within a snapshot, such as {@code VolumePairState.Paused}. A snapshot is only a short cut past old events:
 * one of another version, or that cannot be read, is passed over and the events are replayed.
 */
final class StateType {
    /** Raise it with every change of a state's fields or of what {@code evolve} makes of old events. */
    static final String VERSION = "3";

    private static final Map<String, Class<?>> BY_NAME = Arrays.stream(State.class.getPermittedSubclasses())
        .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
        .collect(Collectors.toMap(StateType::name, Function.identity()));

    private StateType() { }

    static String name(Class<?> state) { return state.getName().substring(state.getPackageName().length() + 1).replace('$', '.'); }

    static Optional<Class<?>> named(String name) { return Optional.ofNullable(BY_NAME.get(name)); }
}
