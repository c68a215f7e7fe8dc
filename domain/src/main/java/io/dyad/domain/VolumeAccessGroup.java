package io.dyad.domain;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Initiators that may reach volumes, and the volumes, each under a LUN of its own. {@code attributes} are the client's own JSON. */
public record VolumeAccessGroup(VolumeAccessGroupId id, String name, List<String> initiators, List<Lun> luns, Map<String, Object> attributes) {
    /** A volume of a group and its number there, from 0. */
    public record Lun(VolumeId volume, int number) { }

    public VolumeAccessGroup {
        initiators = List.copyOf(initiators);
        luns = List.copyOf(luns);
    }

    public boolean has(VolumeId volume) { return luns.stream().anyMatch(l -> l.volume().equals(volume)); }

    public List<VolumeId> volumes() { return luns.stream().map(Lun::volume).toList(); }

    /** The least number that no volume has. */
    int freeLun() {
        BitSet taken = new BitSet();
        luns.forEach(l -> taken.set(l.number()));
        return taken.nextClearBit(0);
    }

    VolumeAccessGroup withName(String now) { return new VolumeAccessGroup(id, now, initiators, luns, attributes); }

    VolumeAccessGroup withAttributes(Map<String, Object> now) { return new VolumeAccessGroup(id, name, initiators, luns, now); }

    VolumeAccessGroup withLuns(List<Lun> now) { return new VolumeAccessGroup(id, name, initiators, now, attributes); }

    VolumeAccessGroup with(String initiator) {
        return new VolumeAccessGroup(id, name, Stream.concat(initiators.stream(), Stream.of(initiator)).toList(), luns, attributes);
    }

    VolumeAccessGroup without(String initiator) {
        return new VolumeAccessGroup(id, name, initiators.stream().filter(i -> !i.equals(initiator)).toList(), luns, attributes);
    }

    VolumeAccessGroup with(Lun lun) { return withLuns(Stream.concat(luns.stream(), Stream.of(lun)).toList()); }

    VolumeAccessGroup without(VolumeId volume) { return withLuns(luns.stream().filter(l -> !l.volume().equals(volume)).toList()); }

    /** What a group is to be; empty members stay as they are, lists that are there replace what was. */
    public record Change(Optional<String> name, Optional<List<String>> initiators, Optional<List<VolumeId>> volumes, Optional<Map<String, Object>> attributes) { }
}
