package io.dyad.domain;

import static java.util.stream.Collectors.joining;

import io.dyad.domain.Decision.Accepted;
import io.dyad.domain.Decision.Refused;
import io.dyad.domain.SampleSet.Asked;
import io.dyad.domain.SampleSet.Past;
import java.util.List;

/** What a decider answers when one sample of a command meets one sample of a state. */
record Cell(Aggregate aggregate, Past past, Asked asked, Decision<Event> decision) {
    static Cell of(Aggregate aggregate, Past past, Asked asked) {
        return new Cell(aggregate, past, asked, aggregate.decide(past.state(), asked.command()));
    }

    List<Event> events() { return decision instanceof Accepted<Event> accepted ? accepted.events() : List.of(); }

    State after() { return Given.fold(aggregate, past.state(), events()); }

    /** As the transition pages print it. */
    String outcome() {
        return switch (decision) {
            case Refused<Event> r -> "`" + r.why() + "`";
            case Accepted<Event> a when a.events().isEmpty() -> "–";
            case Accepted<Event> a -> a.events().stream().map(e -> e.getClass().getSimpleName()).collect(joining(", "))
                + " → **" + after().getClass().getSimpleName() + "**";
        };
    }

    @Override public String toString() {
        return past.state().getClass().getSimpleName() + " (" + past.label() + ") × " + asked.command() + " (" + asked.label() + ")";
    }
}
