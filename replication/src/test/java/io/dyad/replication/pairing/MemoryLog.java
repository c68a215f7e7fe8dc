package io.dyad.replication.pairing;

import io.dyad.domain.Aggregate;
import io.dyad.domain.Command;
import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog;
import io.dyad.domain.State;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** An event log in memory, durable at once, and the view of it; for a cluster node that hosts nothing and stands still in time. */
class MemoryLog implements EventLog {
    final View view = new View();
    /** The names of all events. */
    final List<String> told = new ArrayList<>();
    private final Map<String, State> states = new HashMap<>();

    @Override public synchronized Decision<Event> execute(Command command, Cause cause) {
        Aggregate aggregate = Aggregate.of(command);
        Decision<Event> decision = aggregate.decide(states.getOrDefault(command.aggregate(), aggregate.initial()), command);
        if (decision instanceof Decision.Accepted<Event> accepted) accepted.events().forEach(e -> {
            states.put(e.aggregate(), aggregate.evolve(states.getOrDefault(e.aggregate(), aggregate.initial()), e));
            view.apply(new Recorded(told.size(), Instant.EPOCH, cause, e.aggregate(), 0, e));
            told.add(e.getClass().getSimpleName());
        });
        return decision;
    }

    @Override public AutoCloseable observe(Consumer<Recorded> observer) { throw new UnsupportedOperationException(); }

    @Override public AutoCloseable project(String name, Consumer<Recorded> projection) { throw new UnsupportedOperationException(); }

    @Override public void close() { }

    ClusterNode node() { return new ClusterNode(this, view, hosting(), ticker()); }

    private static Hosting hosting() {
        return (Hosting) Proxy.newProxyInstance(Hosting.class.getClassLoader(), new Class<?>[] {Hosting.class}, (self, method, args) -> Optional.empty());
    }

    static Ticker ticker() {
        return new Ticker() {
            @Override public long nowNs() { return 0; }

            @Override public Instant now() { return Instant.EPOCH; }

            @Override public UUID freshUuid() { return UUID.randomUUID(); }
        };
    }
}
