package io.dyad.replication.pairing;

import io.dyad.replication.Standing;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What two paired clusters say to each other about their pairs. Requests and answers; blocks go by frames instead. */
public sealed interface PeerMessage {
    /** Who a cluster is. {@code link} is the HOST:PORT where it accepts peers; {@code mvip} as clients write it. */
    record Introduction(UUID clusterPairUuid, long clusterPairId, UUID clusterUuid, String uniqueId, String name, String mvip, String link, String version) { }

    /** Completer to starter, inside the authenticated handshake of a pairing key. Answer: {@link Joined} or {@link Refused}. */
    record Join(Introduction completer) implements PeerMessage { }

    record Joined(Introduction starter) implements PeerMessage { }

    /** One volume pair as its own end sees it. {@code modeRevision}: the higher one's mode wins; {@code standing}: whose writes it holds, and how many blocks alone. */
    record PairReport(UUID volumePairUuid, long volumeId, String volumeName, String access, long sizeBytes, boolean deleted,
                      boolean pausedManual, String mode, long modeRevision, String phase, SnapshotsReport snapshots, Standing standing) { }

    /** The replicated snapshots of a pair's end; {@code deleted}: those it had, wants no more, and the other end may hold. */
    record SnapshotsReport(List<SnapshotReport> held, List<UUID> deleted, boolean full) {
        public SnapshotsReport {
            held = List.copyOf(held);
            deleted = List.copyOf(deleted);
        }
    }

    /** Times in ms since 1970, 0 for none; {@code label} and {@code group}, a UUID, empty for none. {@code done}: whole on the sender. */
    record SnapshotReport(UUID uuid, String name, long createdMillis, long expiresMillis, String label, Map<String, Object> attributes, long sizeBytes,
                          String group, boolean done) { }

    /**
     * A cluster's identity and all its volume pairs with the peer; sent at connect and at each change. Answer: the other's Report.
     * {@code number} grows with each message that a cluster sends, across restarts: an older one that comes late is ignored.
     */
    record Report(long number, Introduction cluster, List<PairReport> volumePairs) implements PeerMessage {
        public Report { volumePairs = List.copyOf(volumePairs); }
    }

    /** CompleteVolumePairing reaches the starter of the volume pair. Answer: {@link VolumeJoined} or {@link Refused}. */
    record JoinVolume(long number, PairReport completer) implements PeerMessage { }

    record VolumeJoined(long number, PairReport starter) implements PeerMessage { }

    /** The sender has removed its half of the cluster pair. Answer: {@link Done}. */
    record Leaving(UUID clusterPairUuid) implements PeerMessage { }

    record Done() implements PeerMessage { }

    /** A rule said no. {@code refusal} is the name of a Refusal. */
    record Refused(String refusal, String detail) implements PeerMessage { }
}
