package io.dyad.testkit.sim;

import io.dyad.domain.Aggregate;
import io.dyad.domain.Command;
import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog;
import io.dyad.domain.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The log of one cluster in memory, durable at once. A crash may fall before or after an append, and never between its events. */
final class SimEventLog implements EventLog {
    private final SimCluster owner;
    private final Scheduler time;
    private final List<Recorded> events = new ArrayList<>();
    private final Map<String, State> states = new HashMap<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, Integer> tokens = new HashMap<>();
    private final List<Consumer<Recorded>> observers = new ArrayList<>();
    private final List<Pump> pumps = new ArrayList<>();

    SimEventLog(SimCluster owner, Scheduler time) {
        this.owner = owner;
        this.time = time;
    }

    List<Recorded> events() { return events; }

    @Override public Decision<Event> execute(Command command, Cause cause) {
        owner.tick();
        Aggregate aggregate = Aggregate.of(command);
        Decision<Event> decision = aggregate.decide(states.getOrDefault(command.aggregate(), aggregate.initial()), command);
        if (decision instanceof Decision.Accepted<Event> accepted) {
            List<Recorded> fresh = accepted.events().stream().map(e -> append(e, cause)).toList();
            fresh.forEach(r -> List.copyOf(observers).forEach(o -> o.accept(r)));
            pumps.forEach(Pump::wake);
        }
        owner.tick();
        return decision;
    }

    private Recorded append(Event event, Cause cause) {
        Aggregate aggregate = Aggregate.of(event);
        states.merge(event.aggregate(), aggregate.evolve(states.getOrDefault(event.aggregate(), aggregate.initial()), event), (before, now) -> now);
        Recorded recorded = new Recorded(events.size(), time.now(), cause, event.aggregate(), sequences.merge(event.aggregate(), 1L, Long::sum) - 1, event);
        events.add(recorded);
        return recorded;
    }

    @Override public AutoCloseable observe(Consumer<Recorded> observer) {
        List.copyOf(events).forEach(observer);
        observers.add(observer);
        return () -> observers.remove(observer);
    }

    @Override public AutoCloseable project(String name, Consumer<Recorded> projection) {
        Pump pump = new Pump(name, projection);
        pumps.add(pump);
        pump.wake();
        return () -> pumps.remove(pump);
    }

    /** Forgets who listened, as the process did that held them. */
    void crash() {
        observers.clear();
        pumps.clear();
    }

    @Override public void close() { }

    /** Hands a projection its events one by one; its token may be a few events old when it starts. */
    private final class Pump {
        private final String name;
        private final Consumer<Recorded> projection;
        private int next;
        private boolean awake;

        Pump(String name, Consumer<Recorded> projection) {
            this.name = name;
            this.projection = projection;
            this.next = Math.max(0, tokens.getOrDefault(name, 0) - time.upTo(3));
        }

        void wake() {
            if (awake || next >= events.size()) return;
            awake = true;
            time.soon(2 * Scheduler.MILLISECOND, owner.alive(), this::turn);
        }

        private void turn() {
            awake = false;
            if (!pumps.contains(this)) return;
            projection.accept(events.get(next++));
            tokens.merge(name, next, Math::max);
            wake();
        }
    }
}
