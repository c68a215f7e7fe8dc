package io.dyad.eventstore;

import io.dyad.domain.AccessGroupsCommand;
import io.dyad.domain.AccountCommand;
import io.dyad.domain.AdminCommand;
import io.dyad.domain.Aggregate;
import io.dyad.domain.ClusterCommand;
import io.dyad.domain.ClusterPairCommand;
import io.dyad.domain.Command;
import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.FaultsCommand;
import io.dyad.domain.JobCommand;
import io.dyad.domain.SnapshotCommand;
import io.dyad.domain.State;
import io.dyad.domain.VolumeCommand;
import io.dyad.domain.VolumePairCommand;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.AggregateRoot;
import org.axonframework.modelling.command.CreationPolicy;

/** What Axon takes for an aggregate: a state and its decider. A refusal is the command's result, never an exception. */
abstract class Shell {
    @AggregateIdentifier private final String stream;
    private State state;

    private Shell(String stream, State state) {
        this.stream = stream;
        this.state = state;
    }

    final Decision<Event> decide(Command command) {
        Decision<Event> decision = Aggregate.of(command).decide(state, command);
        if (decision instanceof Decision.Accepted<Event> accepted) accepted.events().forEach(AggregateLifecycle::apply);
        return decision;
    }

    @EventSourcingHandler final void on(Event event) {
        if (!event.aggregate().equals(stream)) throw new IllegalStateException(event + " does not belong to " + stream);
        state = Aggregate.of(event).evolve(state, event);
    }

    @AggregateRoot(type = "cluster") static final class OfCluster extends Shell {
        OfCluster(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(ClusterCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "cluster-pair") static final class OfClusterPair extends Shell {
        OfClusterPair(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(ClusterPairCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "volume") static final class OfVolume extends Shell {
        OfVolume(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(VolumeCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "volume-pair") static final class OfVolumePair extends Shell {
        OfVolumePair(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(VolumePairCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "snapshots") static final class OfSnapshots extends Shell {
        OfSnapshots(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(SnapshotCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "job") static final class OfJob extends Shell {
        OfJob(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(JobCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "account") static final class OfAccount extends Shell {
        OfAccount(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(AccountCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "admin") static final class OfAdmin extends Shell {
        OfAdmin(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(AdminCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "access-groups") static final class OfAccessGroups extends Shell {
        OfAccessGroups(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(AccessGroupsCommand command) { return decide(command); }
    }

    @AggregateRoot(type = "faults") static final class OfFaults extends Shell {
        OfFaults(String stream, State state) { super(stream, state); }

        @CommandHandler @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING) Decision<Event> handle(FaultsCommand command) { return decide(command); }
    }
}
