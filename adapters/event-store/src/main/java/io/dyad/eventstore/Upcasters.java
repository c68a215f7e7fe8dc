package io.dyad.eventstore;

import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;

/** The steps that bring the JSON of an event of an older revision to today's, oldest first. None is needed yet. */
final class Upcasters {
    private Upcasters() { }

    static EventUpcaster chain() { return new EventUpcasterChain(); }
}
