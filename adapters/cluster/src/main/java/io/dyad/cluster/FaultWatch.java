package io.dyad.cluster;

import io.dyad.cluster.Cluster.PairedCluster;
import io.dyad.domain.Fault;
import io.dyad.domain.FaultCode;
import io.dyad.domain.FaultsCommand;
import io.dyad.domain.FaultsCommand.ClearFault;
import io.dyad.domain.FaultsCommand.RaiseFault;
import io.dyad.domain.Mode;
import io.dyad.domain.VolumeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares what is amiss now with what the book of faults says, and tells the book the difference. What comes and goes is told
 * at most once in 10 s. Owned by the clock's thread.
 */
final class FaultWatch {
    private static final Duration QUIET = Duration.ofSeconds(10);

    /** What a fault is about. */
    record Key(FaultCode code, String subject) { }

    private final Map<Key, Instant> told = new HashMap<>();

    /** What to tell the book, {@code wrong} being what is amiss now, with its details. */
    List<FaultsCommand> changes(List<Fault> book, Map<Key, String> wrong, Instant now) {
        Map<Key, FaultsCommand> changes = new LinkedHashMap<>();
        for (Fault fault : book) {
            Key key = new Key(fault.code(), fault.subject());
            if (!wrong.containsKey(key)) changes.put(key, new ClearFault(fault.code(), fault.subject(), now));
        }
        Set<Key> known = book.stream().map(f -> new Key(f.code(), f.subject())).collect(Collectors.toSet());
        wrong.forEach((key, details) -> {
            if (!known.contains(key)) changes.put(key, new RaiseFault(key.code(), key.subject(), details, now));
        });
        told.values().removeIf(at -> !now.isBefore(at.plus(QUIET)));
        List<FaultsCommand> due = new ArrayList<>();
        changes.forEach((key, change) -> {
            if (told.putIfAbsent(key, now) == null) due.add(change);
        });
        return due;
    }

    /**
     * What is amiss with the pairs of a cluster; the caller may add to it.
     *
     * @param delay how old the oldest write is that a volume's target lacks, and {@code delayLimit} how old it may be
     */
    static Map<Key, String> wrong(List<PairedCluster> clusters, List<VolumeInfo> paired, Function<VolumeId, Optional<Duration>> delay, Duration delayLimit) {
        Map<Key, String> wrong = new LinkedHashMap<>();
        for (PairedCluster pair : clusters) {
            if (pair.status().equals("Disconnected") || pair.status().equals("Misconfigured"))
                wrong.put(new Key(FaultCode.DISCONNECTED_CLUSTER_PAIR, "cluster-pair/" + pair.id()), "Cluster pair " + pair.id() + " with " + pair.name() + " is " + pair.status());
        }
        for (VolumeInfo info : paired) {
            VolumeId id = info.volume().id();
            info.pair().flatMap(FaultWatch::paused).ifPresent(code -> wrong.put(new Key(code, "volume/" + id), "Volume " + id + " is " + info.pair().orElseThrow().state()));
            delay.apply(id).filter(d -> d.compareTo(delayLimit) > 0)
                .ifPresent(d -> wrong.put(new Key(FaultCode.ASYNC_DELAY_EXCEEDED, "volume/" + id), "The target of volume " + id + " is more than " + delayLimit.toSeconds() + " s behind"));
        }
        return wrong;
    }

    /** What is amiss with blocks that cannot be read; by volume, how many. */
    static Map<Key, String> damaged(Map<VolumeId, Long> blocks) {
        return blocks.entrySet().stream().collect(Collectors.toMap(e -> new Key(FaultCode.BLOCKS_DEGRADED, "volume/" + e.getKey()),
            e -> e.getValue() + (e.getValue() == 1 ? " block" : " blocks") + " of volume " + e.getKey() + " cannot be read and could not be repaired from the other end"));
    }

    private static Optional<FaultCode> paused(VolumeInfo.Pair pair) {
        return switch (pair.state()) {
            case "PausedClusterFull" -> Optional.of(pair.mode() == Mode.SNAPSHOTS_ONLY ? FaultCode.SNAPSHOT_CLUSTER_FULL : FaultCode.CLUSTER_FULL);
            case "PausedExceededMaxSnapshotCount" -> Optional.of(FaultCode.SNAPSHOTS_EXCEEDED_LIMIT);
            default -> Optional.empty();
        };
    }
}
