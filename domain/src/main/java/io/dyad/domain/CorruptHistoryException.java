package io.dyad.domain;

/** The event log holds an event that its aggregate's state does not allow. */
public final class CorruptHistoryException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    CorruptHistoryException(State state, Event event) { super(event + " cannot follow " + state); }
}
