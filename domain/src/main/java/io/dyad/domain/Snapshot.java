package io.dyad.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A durable cut of a volume.
 *
 * @param uuid the same on every cluster that holds it, and its name in the volume store
 * @param instance this cluster's own copy; equal to {@code uuid} where the cut was made
 * @param created when the cut was made, {@code copied} when it was whole on this cluster
 */
public record Snapshot(SnapshotId id, UUID uuid, VolumeId volume, Terms terms, long sizeBytes, Origin origin, Phase phase,
                       Optional<Group> group, UUID instance, Instant created, Instant copied) {
    public static final Comparator<Snapshot> OLDEST_FIRST = Comparator.comparing(Snapshot::created).thenComparing(Snapshot::id);

    /** TAKEN here by somebody; ARRIVED from the other end of a pair; KEPT by the data plane before a resync overwrote it. */
    public enum Origin { TAKEN, ARRIVED, KEPT }

    /** PREPARING: known to the log, the cut is not made yet. SYNCING: the other end ships it. DONE: it is whole and durable here. */
    public enum Phase { PREPARING, SYNCING, DONE }

    /**
     * What clients say of a snapshot.
     *
     * @param replicated it is to be on the other end of the volume's pair as well
     * @param expires when it is deleted by itself
     * @param attributes the client's own JSON
     */
    public record Terms(String name, boolean replicated, Optional<Instant> expires, Optional<String> label, Map<String, Object> attributes) { }

    /** The group snapshot it belongs to: one cut over several volumes. {@code id} is local, {@code uuid} the same everywhere. */
    public record Group(long id, UUID uuid) { }

    boolean described() { return !terms.name().isEmpty(); }

    Snapshot done(Instant at) { return new Snapshot(id, uuid, volume, terms, sizeBytes, origin, Phase.DONE, group, instance, created, at); }

    Snapshot with(Terms now) { return new Snapshot(id, uuid, volume, now, sizeBytes, origin, phase, group, instance, created, copied); }

    Snapshot alone() { return new Snapshot(id, uuid, volume, terms, sizeBytes, origin, phase, Optional.empty(), instance, created, copied); }

    /** What the other end says of it, which came after its blocks. */
    Snapshot described(Snapshot by) {
        return new Snapshot(id, uuid, volume, by.terms, by.sizeBytes, by.origin, phase, by.group, instance, by.created, copied);
    }
}
