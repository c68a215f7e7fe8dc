package io.dyad.domain;

import java.time.Instant;
import java.util.function.Consumer;

/** The durable log of one cluster, and the only way to change it. Safe for any thread. */
public interface EventLog extends AutoCloseable {
    /**
     * Decides and stores. When it returns the events are on the disk and every observer has seen them.
     * Throws {@link IllegalStateException} when they could not be made durable: then nothing may be concluded.
     */
    Decision<Event> execute(Command command, Cause cause);

    /** Hands over every durable event from the first, then each new one once it is durable, in order, one at a time. */
    AutoCloseable observe(Consumer<Recorded> observer);

    /** As {@link #observe}, on a thread of its own, from where the projection of this name stopped last; at least once. */
    AutoCloseable project(String name, Consumer<Recorded> projection);

    @Override void close();

    /** Who wanted it, and by which call: {@code admin} by {@code ModifyVolume}, {@code peer} by {@code Report}. */
    record Cause(String who, String call) { }

    /** One stored event. {@code position} grows through the whole log, {@code sequence} from 0 within its aggregate. */
    record Recorded(long position, Instant at, Cause cause, String aggregate, long sequence, Event event) { }
}
