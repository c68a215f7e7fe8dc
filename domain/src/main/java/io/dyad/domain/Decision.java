package io.dyad.domain;

import java.util.List;

/** What a decider answers: events to append (none where the state already is as asked), or a refusal. */
public sealed interface Decision<E extends Event> {
    record Accepted<E extends Event>(List<E> events) implements Decision<E> {
        public Accepted { events = List.copyOf(events); }
    }

    record Refused<E extends Event>(Refusal why, String detail) implements Decision<E> { }

    static <E extends Event> Decision<E> append(E event) { return new Accepted<>(List.of(event)); }

    static <E extends Event> Decision<E> nothing() { return new Accepted<>(List.of()); }

    static <E extends Event> Decision<E> refuse(Refusal why, String detail) { return new Refused<>(why, detail); }
}
