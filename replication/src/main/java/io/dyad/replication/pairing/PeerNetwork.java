package io.dyad.replication.pairing;

import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import java.util.UUID;

/** The way to other clusters: credentials, authenticated links and pipes. Safe for any thread; every call is bounded in time. */
public interface PeerNetwork extends AutoCloseable {
    /** Makes the credential of a new offer and keeps only what verifies it. */
    Credential offer(UUID clusterPair);

    /**
     * Proves to the starter that we hold its key, over a session pinned to the certificate that the key names, and
     * exchanges introductions; both ends then pin each other and share a fresh link secret. Idempotent for one completer.
     */
    PeerMessage introduce(Offer offer, PeerMessage.Join join) throws LinkDownException;

    /** From now on keeps a link to this peer, across restarts of either end; the dialling end reconnects with back-off. */
    void keep(UUID clusterPair, String link, boolean dial);

    /** Closes every connection of the pair and revokes its credential and secret, now and for good. */
    void forget(UUID clusterPair);

    /** Asks the peer and waits for its answer. */
    PeerMessage call(UUID clusterPair, PeerMessage request) throws LinkDownException;

    /** Opens the pipe of a volume pair; only the dialling end does. */
    FramePipe openPipe(UUID clusterPair, UUID volumePair, FramePipe.Receiver receiver) throws LinkDownException;

    @Override void close();

    /** The secret half of a pairing key: who may complete it. Never in an event, a log or a toString. */
    record Credential(String username, String password, long rpcConnectionId, String certificateFingerprint, String link) {
        @Override public String toString() { return "Credential[" + username + "]"; }
    }

    /** What a completer read from a cluster pairing key. {@code certificateFingerprint} is empty where the key has none. */
    record Offer(UUID clusterPair, String link, String username, String password, String certificateFingerprint) {
        @Override public String toString() { return "Offer[" + clusterPair + "]"; }
    }

    /** What the network tells its cluster. Called from the network's threads; answers within its own bounds. */
    interface Listener {
        /** A completer has proved the credential of {@code clusterPair}. A Joined answer binds the credential to it for good. */
        PeerMessage introduced(UUID clusterPair, PeerMessage.Join join);

        PeerMessage asked(UUID clusterPair, PeerMessage request);

        /** Up: both directions authenticated. Down: closed, or no sign of life for the time-out. {@code latencyNs} of the last round trip. */
        void link(UUID clusterPair, boolean up, long latencyNs);

        /** The dialling end opened a volume pair's pipe. Throws to refuse it. */
        FramePipe.Receiver pipe(UUID clusterPair, UUID volumePair, FramePipe pipe) throws LinkDownException;
    }
}
