package io.dyad.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Decision.Accepted;
import io.dyad.domain.Decision.Refused;
import java.util.List;

/** A story about one decider: given past events, when a command comes, then events or a refusal. */
record Given(List<Event> past) {
    static Given given(Event... past) { return new Given(List.of(past)); }

    static Given nothing() { return given(); }

    Answer when(Command command) {
        Aggregate aggregate = Aggregate.of(command);
        State state = fold(aggregate, aggregate.initial(), past);
        return new Answer(aggregate, state, aggregate.decide(state, command));
    }

    static State fold(Aggregate aggregate, State from, List<Event> events) {
        State state = from;
        for (Event event : events) state = aggregate.evolve(state, event);
        return state;
    }

    record Answer(Aggregate aggregate, State before, Decision<Event> decision) {
        /** Exactly these events are appended; gives the state after them. */
        State then(Event... events) {
            assertThat(decision).isEqualTo(new Accepted<>(List.of(events)));
            return fold(aggregate, before, List.of(events));
        }

        void thenNothing() { then(); }

        /** Gives the words of the refusal. */
        String thenRefused(Refusal why) {
            assertThat(decision).isInstanceOfSatisfying(Refused.class, r -> assertThat(r.why()).as(r.detail()).isEqualTo(why));
            return decision instanceof Refused<Event> refused ? refused.detail() : "";
        }
    }
}
