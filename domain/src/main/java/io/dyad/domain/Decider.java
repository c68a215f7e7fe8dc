package io.dyad.domain;

/** The rules of one aggregate as two pure functions. {@code evolve} throws {@link CorruptHistoryException} on an event its state cannot have. */
public interface Decider<S extends State, C extends Command, E extends Event> {
    S initial();

    Decision<E> decide(S state, C command);

    S evolve(S state, E event);
}
