package io.dyad.jsonrpc;

import io.dyad.cluster.VolumeAccessGroups;
import io.dyad.domain.AccessGroupsCommand;
import io.dyad.domain.AccessGroupsEvent.GroupCreated;
import io.dyad.domain.AccessGroupsState.Groups;
import io.dyad.domain.Aggregate;
import io.dyad.domain.Decision;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.RefusedException;
import io.dyad.domain.VolumeAccessGroup;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Volume access groups in memory, by the decider that the product has; {@code volumes} throws at one that is not active. */
final class FakeAccessGroups implements VolumeAccessGroups {
    private final Consumer<VolumeId> volumes;
    private final Consumer<Cause> causes;
    private Groups state = (Groups) Aggregate.ACCESS_GROUPS.initial();

    FakeAccessGroups(Consumer<VolumeId> volumes, Consumer<Cause> causes) {
        this.volumes = volumes;
        this.causes = causes;
    }

    @Override public VolumeAccessGroupId create(AccessGroupsCommand.CreateGroup group, Cause cause) {
        group.volumes().forEach(volumes);
        return ((GroupCreated) execute(group, cause).getFirst()).id();
    }

    @Override public void change(AccessGroupsCommand change, Cause cause) {
        if (change instanceof AccessGroupsCommand.AddToGroup add) add.volumes().forEach(volumes);
        if (change instanceof AccessGroupsCommand.ModifyGroup modify) modify.change().volumes().ifPresent(all -> all.forEach(volumes));
        execute(change, cause);
    }

    private List<Event> execute(AccessGroupsCommand command, Cause cause) {
        causes.accept(cause);
        return switch (Aggregate.ACCESS_GROUPS.decide(state, command)) {
            case Decision.Refused<Event> no -> throw new RefusedException(no.why(), no.detail());
            case Decision.Accepted<Event> yes -> {
                yes.events().forEach(e -> state = (Groups) Aggregate.ACCESS_GROUPS.evolve(state, e));
                yield yes.events();
            }
        };
    }

    @Override public List<VolumeAccessGroup> all() { return state.groups().values().stream().sorted(Comparator.comparing(VolumeAccessGroup::id)).toList(); }

    @Override public Optional<VolumeAccessGroup> find(VolumeAccessGroupId id) { return Optional.ofNullable(state.groups().get(id)); }

    @Override public Map<VolumeId, List<VolumeAccessGroupId>> byVolume() {
        Map<VolumeId, List<VolumeAccessGroupId>> of = new HashMap<>();
        all().forEach(g -> g.volumes().forEach(v -> of.computeIfAbsent(v, in -> new ArrayList<>()).add(g.id())));
        return of;
    }

    @Override public long initiatorNumber(String initiator) { return state.initiators().getOrDefault(initiator, 0L); }
}
