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
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.FaultsCommand;
import io.dyad.domain.JobCommand;
import io.dyad.domain.SnapshotCommand;
import io.dyad.domain.State;
import io.dyad.domain.VolumeCommand;
import io.dyad.domain.VolumePairCommand;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.caching.Cache;
import org.axonframework.common.lock.NullLockFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;

/**
 * Axon, with one aggregate a decider, on the writer thread alone: no aggregate lock is needed (which also keeps clear of
 * Axon's issue 4659). Nothing is looked up on the class path, so no update check runs and no Axon Server is sought.
 */
final class AxonHost implements AutoCloseable {
    static final String WHO = "who";
    static final String CALL = "call";

    private final Configuration axon;

    AxonHost(WriterTransactions transactions, EventTable table, Supplier<Instant> clock, Tuning tuning) {
        var engine = new StorageEngine(table, transactions, new PositionedAppend(transactions, clock));
        var cache = new CaffeineCache(tuning.cachedAggregates());
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
            .configureSerializer(c -> table.serializer())
            .configureEventSerializer(c -> table.serializer())
            .configureMessageSerializer(c -> table.serializer())
            .registerComponent(TransactionManager.class, c -> transactions)
            .configureCorrelationDataProviders(c -> List.of(new SimpleCorrelationDataProvider(WHO, CALL)))
            .configureEmbeddedEventStore(c -> engine)
            .registerComponent(Snapshotter.class, c -> new StateSnapshotter(c.eventStore(), transactions));
        configurer.configureAggregate(shell(Shell.OfCluster.class, Aggregate.CLUSTER, Shell.OfCluster::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfClusterPair.class, Aggregate.CLUSTER_PAIR, Shell.OfClusterPair::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfVolume.class, Aggregate.VOLUME, Shell.OfVolume::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfVolumePair.class, Aggregate.VOLUME_PAIR, Shell.OfVolumePair::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfSnapshots.class, Aggregate.SNAPSHOTS, Shell.OfSnapshots::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfJob.class, Aggregate.JOB, Shell.OfJob::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfAccount.class, Aggregate.ACCOUNT, Shell.OfAccount::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfAdmin.class, Aggregate.ADMIN, Shell.OfAdmin::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfAccessGroups.class, Aggregate.ACCESS_GROUPS, Shell.OfAccessGroups::new, cache, tuning));
        configurer.configureAggregate(shell(Shell.OfFaults.class, Aggregate.FAULTS, Shell.OfFaults::new, cache, tuning));
        axon = configurer.start();
        ((SimpleCommandBus) axon.commandBus()).setRollbackConfiguration(RollbackConfigurationType.ANY_THROWABLE);
    }

    private static <S extends Shell> AggregateConfigurer<S> shell(Class<S> type, Aggregate kind, BiFunction<String, State, S> born, Cache cache, Tuning tuning) {
        return AggregateConfigurer.defaultConfiguration(type)
            .configureLockFactory(c -> NullLockFactory.INSTANCE)
            .configureCommandTargetResolver(c -> command -> new VersionedAggregateIdentifier((Object) ((Command) command.getPayload()).aggregate(), null))
            .configureCreationPolicyAggregateFactory(c -> stream -> born.apply(String.valueOf(stream), kind.initial()))
            .configureAggregateFactory(c -> new Reborn<>(type, kind, born))
            .configureSnapshotTrigger(c -> new EventCountSnapshotTriggerDefinition(c.snapshotter(), tuning.snapshotEvery()))
            .configureCache(c -> cache);
    }

    /** Makes a shell from a stream that begins with a snapshot, or with the first event. */
    private record Reborn<S extends Shell>(Class<S> getAggregateType, Aggregate kind, BiFunction<String, State, S> born) implements AggregateFactory<S> {
        @Override public S createAggregateRoot(String stream, DomainEventMessage<?> first) {
            return born.apply(stream, first.getPayload() instanceof State state ? state : kind.initial());
        }
    }

    /** Decides, and commits what was decided. What went wrong is thrown as it came. */
    Decision<Event> dispatch(Command command, Cause cause) {
        var message = new GenericCommandMessage<>(new GenericMessage<>(command, Map.of(WHO, cause.who(), CALL, cause.call())), name(command));
        var answer = new AtomicReference<CommandResultMessage<? extends Decision<Event>>>();
        CommandCallback<Command, Decision<Event>> callback = (sent, result) -> answer.set(result);
        axon.commandBus().dispatch(message, callback);
        CommandResultMessage<? extends Decision<Event>> result = answer.get();
        if (result.isExceptional()) throw new IllegalStateException(command + " failed: " + result.exceptionResult(), result.exceptionResult());
        return result.getPayload();
    }

    /** Axon routes by exact name, so a command goes by that of its sealed parent. */
    private static String name(Command command) {
        return (switch (command) {
            case ClusterCommand c     -> ClusterCommand.class;
            case ClusterPairCommand c -> ClusterPairCommand.class;
            case VolumeCommand c      -> VolumeCommand.class;
            case VolumePairCommand c  -> VolumePairCommand.class;
            case SnapshotCommand c    -> SnapshotCommand.class;
            case JobCommand c         -> JobCommand.class;
            case AccountCommand c     -> AccountCommand.class;
            case AdminCommand c       -> AdminCommand.class;
            case AccessGroupsCommand c -> AccessGroupsCommand.class;
            case FaultsCommand c      -> FaultsCommand.class;
        }).getName();
    }

    Configuration axon() { return axon; }

    @Override public void close() { axon.shutdown(); }
}
