package io.dyad.cluster;

import io.dyad.domain.AccessGroupsCommand;
import io.dyad.domain.AccessGroupsCommand.CreateGroup;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.VolumeAccessGroup;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import io.dyad.replication.pairing.AccessGroups;
import io.dyad.replication.pairing.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The volume access groups of this process's cluster. */
final class LocalAccessGroups implements VolumeAccessGroups {
    private final AccessGroups groups;
    private final View view;

    LocalAccessGroups(AccessGroups groups, View view) {
        this.groups = groups;
        this.view = view;
    }

    @Override public VolumeAccessGroupId create(CreateGroup group, Cause cause) { return groups.create(group, cause); }

    @Override public void change(AccessGroupsCommand change, Cause cause) { groups.change(change, cause); }

    @Override public List<VolumeAccessGroup> all() {
        return view.accessGroups().groups().values().stream().sorted(Comparator.comparing(VolumeAccessGroup::id)).toList();
    }

    @Override public Optional<VolumeAccessGroup> find(VolumeAccessGroupId id) { return Optional.ofNullable(view.accessGroups().groups().get(id)); }

    @Override public Map<VolumeId, List<VolumeAccessGroupId>> byVolume() {
        Map<VolumeId, List<VolumeAccessGroupId>> groupsOf = new HashMap<>();
        all().forEach(group -> group.volumes().forEach(v -> groupsOf.computeIfAbsent(v, of -> new ArrayList<>()).add(group.id())));
        return groupsOf;
    }

    @Override public long initiatorNumber(String initiator) { return view.accessGroups().initiators().getOrDefault(initiator, 0L); }
}
