package io.dyad.replication.pairing;

import io.dyad.domain.ClusterPairState.Paired;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.replication.LinkDownException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When this cluster and a peer tell each other everything about their pairs: at connect and at each change, one exchange at a
 * time, a few at once and else ten a second. What was not heard is said again. What a report says is {@link PairReports}'. Any thread.
 */
final class PeerReports {
    /** So often a report to one peer may begin, in the long run: what changes meanwhile goes into one. */
    private static final long BREATH_NS = 100_000_000L;
    /** After a rest so many need not wait for each other: pausing, resuming and pairing take several, and an operator waits for them. */
    private static final int AT_ONCE = 6;
    private final Talks talks;
    private final Reconciler reconciler;
    private final Links links;
    private final Ticker ticker;
    private final Later later;
    private final Map<UUID, Integer> owed = new ConcurrentHashMap<>();
    private final Map<UUID, Cadence> cadences = new ConcurrentHashMap<>();
    private final Set<UUID> unheard = ConcurrentHashMap.newKeySet();

    /** Who speaks with peers. */
    record Talks(ClusterNode node, PeerNetwork network, ClusterPairing clusters, VolumePairing volumes, PairReports pairs) { }

    PeerReports(Talks talks, Reconciler reconciler, Links links, Ticker ticker, Later later) {
        this.talks = talks;
        this.reconciler = reconciler;
        this.links = links;
        this.ticker = ticker;
        this.later = later;
    }

    Talks talks() { return talks; }

    /** Something changed that peers show too. */
    void tellPeers() {
        talks.node().view().clusterPairs().values().forEach(state -> {
            if (state instanceof Paired p && links.isUp(p.uuid())) exchange(p.uuid());
        });
    }

    /** What was not heard is said again; about once a second. */
    void tick() {
        unheard.forEach(pair -> {
            if (links.isUp(pair)) exchange(pair);
        });
    }

    /** A link is up: a restarted peer may count from elsewhere. */
    void connected(UUID pair) {
        talks.pairs().forgetNumber(pair);
        exchange(pair);
    }

    /** Asked for again meanwhile, it does it once more. */
    private void exchange(UUID pair) {
        if (owed.merge(pair, 1, Integer::sum) > 1) return;
        later.run(cadenceOf(pair).waitNs(ticker.nowNs()), () -> exchangeOwed(pair));
    }

    private Cadence cadenceOf(UUID pair) { return cadences.computeIfAbsent(pair, p -> new Cadence(BREATH_NS, AT_ONCE)); }

    private void exchangeOwed(UUID pair) {
        int served = owed.getOrDefault(pair, 0);
        Cadence cadence = cadenceOf(pair);
        cadence.began(ticker.nowNs());
        try {
            exchangeOnce(pair);
        } finally {
            if (!owed.remove(pair, served)) later.run(cadence.waitNs(ticker.nowNs()), () -> exchangeOwed(pair));
        }
    }

    private void exchangeOnce(UUID pair) {
        unheard.add(pair);
        try {
            switch (talks.network().call(pair, talks.pairs().report(pair))) {
                case PeerMessage.Report theirs -> {
                    takeIn(pair, theirs);
                    unheard.remove(pair);
                }
                case PeerMessage.Refused r when r.refusal().equals(Refusal.PAIRING_DOES_NOT_EXIST.name()) -> talks.clusters().orphaned(pair);
                case PeerMessage other -> { }
            }
        } catch (LinkDownException e) {
            // not heard: said again at the next tick that finds the link up
        } catch (NoSuchElementException | RefusedException e) {
            unheard.remove(pair);                        // the pair was removed meanwhile and has nothing to say
        }
    }

    /** The peer reports; this end does in return. */
    PeerMessage answer(UUID pair, PeerMessage.Report theirs) {
        takeIn(pair, theirs);
        return talks.pairs().report(pair);
    }

    private void takeIn(UUID pair, PeerMessage.Report theirs) { talks.pairs().heard(pair, theirs).forEach(reconciler::take); }
}
