package io.dyad.testkit.sim;

import io.dyad.replication.FramePipe;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage;
import io.dyad.replication.pairing.PeerNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The wire between clusters: it can be cut both ways or one way, delay and damage what goes over it, and lose answers; a peer that
 * is not heard for a while counts as down.
 */
final class SimNetwork {
    private static final long POLL_NS = 50 * Scheduler.MILLISECOND;
    private static final long SILENCE_NS = 5 * Scheduler.SECOND;

    /** What hears of all that goes over the wire. */
    interface Tap {
        void opened(SimPipe dialler, UUID pair);

        void sent(SimPipe by, byte[] frame);

        /** An attempt to open a pipe for a volume pair. */
        void dialled(SimCluster by, UUID pair);
    }

    private final Scheduler time;
    private final Tap tap;
    private final Map<String, Port> ports = new TreeMap<>();
    private final List<SimPipe> pipes = new ArrayList<>();
    private boolean cut;
    /** Nothing gets through to this cluster while its own words do. */
    private @Nullable SimCluster deaf;
    private long cutSeenNs;
    /** One answer in this many is lost after the peer has acted on the request; 0: none. */
    int answersLost;
    double nsPerByte = 1;
    long latencyNs = 200 * Scheduler.MICROSECOND;
    /** A frame may take so much longer. */
    long jitterNs;
    /** One frame in so many has a bit flipped; 0: none. */
    int framesDamaged;

    SimNetwork(Scheduler time, Tap tap) {
        this.time = time;
        this.tap = tap;
        poll();
    }

    Scheduler time() { return time; }

    void sent(SimPipe by, byte[] frame) { tap.sent(by, frame); }

    boolean blocks(SimCluster from, SimCluster to) { return cut || deaf == to && from != to; }

    long delayNs() { return latencyNs + (jitterNs > 0 ? time.between(0, jitterNs) : 0); }

    /** The frame as it arrives. */
    byte[] damaged(byte[] frame) {
        if (framesDamaged == 0 || !time.oneIn(framesDamaged)) return frame;
        byte[] other = frame.clone();
        int bit = time.upTo(8 * (time.oneIn(2) ? Math.min(40, frame.length) : frame.length) - 1);
        other[bit / 8] ^= (byte) (1 << bit % 8);
        return other;
    }

    Port port(SimCluster owner, String address) { return ports.computeIfAbsent(address, a -> new Port(owner, a)); }

    void cut() {
        if (cut) return;
        cut = true;
        cutSeenNs = time.nowNs() + time.between(0, 2 * Scheduler.SECOND);
        reset();
    }

    /** One way only: nothing reaches this cluster any more; what is said to it waits, until silence ends the pipes. */
    void cutTowards(SimCluster to) {
        if (cut || deaf != null) return;
        deaf = to;
        cutSeenNs = time.nowNs() + time.between(Scheduler.SECOND, SILENCE_NS);
    }

    void heal() {
        cut = false;
        deaf = null;
        List.copyOf(pipes).forEach(SimPipe::unblock);
    }

    /** Ends every pipe and leaves the links alone. */
    void reset() {
        List.copyOf(pipes).forEach(p -> p.end("reset"));
        pipes.clear();
    }

    /** The process behind this port is gone: its peers see their connections end at once. */
    void gone(SimCluster owner) {
        List.copyOf(pipes).stream().filter(p -> p.owner() == owner).forEach(p -> p.end("reset"));
        ports.values().stream().filter(p -> p.owner == owner).forEach(Port::crash);
        ports.values().forEach(Port::look);
    }

    private void poll() {
        pipes.removeIf(SimPipe::isClosed);
        ports.values().forEach(Port::look);
        time.at(time.nowNs() + POLL_NS, Scheduler.Life.EVER, this::poll);
    }

    private record Kept(String link, boolean dial) { }

    /** What both ends of a pairing keep for good, and who has served the key. */
    private record Secret(String password, String servedTo) { }

    /** One cluster's face to the wire. Secrets outlive a crash; links and who listens do not. */
    final class Port implements PeerNetwork {
        private final SimCluster owner;
        private final String address;
        private final Map<UUID, Secret> secrets = new HashMap<>();
        private final Map<UUID, Kept> kept = new TreeMap<>();
        private final Map<UUID, Boolean> up = new TreeMap<>();
        private @Nullable Listener listener;

        private Port(SimCluster owner, String address) {
            this.owner = owner;
            this.address = address;
        }

        void listen(Listener cluster) { listener = cluster; }

        private void crash() {
            listener = null;
            kept.clear();
            up.clear();
        }

        @Override public void close() { crash(); }

        @Override public Credential offer(UUID clusterPair) {
            owner.tick();
            String password = Long.toHexString(time.dice.nextLong());
            secrets.put(clusterPair, new Secret(password, ""));
            return new Credential("__SF_pair_" + password, password, 1, "", address);
        }

        @Override public PeerMessage introduce(Offer offer, PeerMessage.Join join) throws LinkDownException {
            owner.tick();
            Port peer = reach(offer.link());
            Secret secret = peer.secrets.get(offer.clusterPair());
            boolean served = secret != null && !secret.servedTo.isEmpty() && !secret.servedTo.equals(address);
            if (secret == null || served || !secret.password.equals(offer.password())) return new PeerMessage.Refused("INVALID_KEY", "the key opens nothing");
            PeerMessage answer = peer.answers(l -> l.introduced(offer.clusterPair(), join));
            if (!(answer instanceof PeerMessage.Joined)) return answer;
            peer.secrets.put(offer.clusterPair(), new Secret(secret.password, address));
            loseAnswer();
            secrets.put(offer.clusterPair(), new Secret(secret.password, address));
            return answer;
        }

        @Override public void keep(UUID clusterPair, String link, boolean dial) {
            owner.tick();
            kept.put(clusterPair, new Kept(link, dial));
        }

        @Override public void forget(UUID clusterPair) {
            owner.tick();
            secrets.remove(clusterPair);
            kept.remove(clusterPair);
            up.remove(clusterPair);
        }

        @Override public PeerMessage call(UUID clusterPair, PeerMessage request) throws LinkDownException {
            owner.tick();
            Port peer = peer(clusterPair);
            PeerMessage answer = peer.answers(l -> l.asked(clusterPair, request));
            loseAnswer();
            owner.tick();
            return answer;
        }

        @Override public FramePipe openPipe(UUID clusterPair, UUID volumePair, FramePipe.Receiver receiver) throws LinkDownException {
            owner.tick();
            tap.dialled(owner, volumePair);
            Kept way = kept.get(clusterPair);
            if (way == null || !way.dial) throw new IllegalStateException("only the dialling end opens pipes");
            Port peer = peer(clusterPair);
            SimPipe[] ends = SimPipe.between(SimNetwork.this, owner, peer.owner);
            ends[0].listen(receiver);
            ends[1].listen(peer.answers(l -> l.pipe(clusterPair, volumePair, ends[1])));
            pipes.addAll(List.of(ends));
            tap.opened(ends[0], volumePair);
            return ends[0];
        }

        private void loseAnswer() throws LinkDownException {
            if (deaf == owner || answersLost > 0 && time.oneIn(answersLost)) throw new LinkDownException("no answer in time");
        }

        private Port peer(UUID clusterPair) throws LinkDownException {
            Kept way = kept.get(clusterPair);
            if (way == null || !up.getOrDefault(clusterPair, false)) throw new LinkDownException("the link is down");
            Port peer = reach(way.link);
            if (!peer.up.getOrDefault(clusterPair, false)) throw new LinkDownException("the peer does not know us");
            return peer;
        }

        private Port reach(String link) throws LinkDownException {
            Port peer = ports.get(link);
            if (peer == null || peer.listener == null || blocks(owner, peer.owner) || peer.owner.silentNs() > Scheduler.SECOND) throw new LinkDownException(link + " does not answer");
            return peer;
        }

        private interface Question<T> {
            T ask(Listener listener) throws LinkDownException;
        }

        /** Asks this cluster; when that is its end, the asker hears nothing more. */
        private <T> T answers(Question<T> question) throws LinkDownException {
            Listener asked = listener;
            if (asked == null) throw new LinkDownException(address + " does not answer");
            try {
                return question.ask(asked);
            } catch (SimCrash e) {
                if (e.victim() != owner) throw e;
                owner.crashed();
                throw new LinkDownException(address + " went away");
            }
        }

        /** The link of every kept pair as this end sees it now. */
        private void look() {
            Listener own = listener;
            if (own == null) return;
            kept.forEach((uuid, way) -> {
                Port peer = ports.get(way.link);
                boolean there = peer != null && peer.listener != null && peer.kept.containsKey(uuid) && secrets.containsKey(uuid) && peer.secrets.containsKey(uuid);
                boolean broken = cut || deaf != null;
                boolean unseen = broken && time.nowNs() < cutSeenNs;
                boolean heard = peer != null && peer.owner.silentNs() < SILENCE_NS;
                boolean now = there && heard && (!broken || unseen && up.getOrDefault(uuid, false));
                if (up.getOrDefault(uuid, false) == now) return;
                up.put(uuid, now);
                if (!now) List.copyOf(pipes).forEach(p -> p.end("link down"));
                time.at(time.nowNs(), owner.alive(), () -> own.link(uuid, up.getOrDefault(uuid, false), Scheduler.MILLISECOND));
            });
        }
    }
}
