package io.dyad.peerlink;

import io.dyad.peerlink.Exchange.Admission;
import io.dyad.peerlink.Exchange.Challenge;
import io.dyad.peerlink.Exchange.Hello;
import io.dyad.peerlink.Exchange.Joining;
import io.dyad.peerlink.Exchange.Proof;
import io.dyad.replication.pairing.PeerMessage;
import io.dyad.replication.pairing.PeerNetwork;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The handshake that turns a pairing key into a shared link secret.
 *
 * <pre>
 *  completer                                          starter
 *     | hello(username, nonce) ------------------------> |
 *     | <------------ challenge(nonce, salt, iterations) |
 *     | proof of the password -------------------------> |  the transcript covers both nonces and both certificates
 *     | <-------------------------- proof of the verifier|  as each end sees them: nobody can stand in between
 *     | Join ------------------------------------------> |
 *     |                 bound to this completer, durable |
 *     | <------------------ Joined, link secret (padded) |
 *     | durable                                          |
 * </pre>
 */
final class Pairing {
    static final String USER_PREFIX = "__SF_pair_";
    private static final String ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final String PRINTABLE = printable();
    private static final int MIN_ITERATIONS = 4096;
    private static final int MAX_ITERATIONS = 1_000_000;
    private static final byte[] LABEL = Digests.utf8("dyad pairing 1");

    private final Secrets secrets;
    private final Identity identity;
    private final PeerNetwork.Listener listener;
    private final FailureGate gate = new FailureGate();
    /** One completer after the other: the second must see to whom the first was bound. */
    private final ReentrantLock joining = new ReentrantLock();

    Pairing(Secrets secrets, Identity identity, PeerNetwork.Listener listener) {
        this.secrets = secrets;
        this.identity = identity;
        this.listener = listener;
    }

    PeerNetwork.Credential offer(UUID pair, String link) throws IOException {
        String username = USER_PREFIX + Digests.random(16, ALPHANUMERIC);
        String password = Digests.random(16, PRINTABLE);
        secrets.offer(pair, username, Scram.Verifier.of(password));
        gate.clear(pair);
        return new PeerNetwork.Credential(username, password, Digests.randomPositive(), identity.fingerprint(), link);
    }

    /** The completer's side, over a wire whose pin has been checked. Throws a {@link RefusedException} when either end refuses. */
    PeerMessage complete(Wire wire, PeerNetwork.Offer offer, PeerMessage.Join join) throws IOException {
        Exchange exchange = new Exchange(wire);
        Hello hello = Hello.pairing(offer.username());
        exchange.greet(hello);
        Challenge challenge = exchange.receive(Challenge.class);
        if (challenge.iterations() < MIN_ITERATIONS || challenge.iterations() > MAX_ITERATIONS || challenge.salt().length == 0)
            throw new ProtocolException("challenge out of bounds");
        byte[] transcript = transcript(hello, challenge, identity.fingerprint(), wire.peerFingerprint());
        Scram.Prover prover = Scram.Prover.of(offer.password(), challenge.salt(), challenge.iterations(), transcript);
        exchange.send(new Proof(prover.proof()));
        if (!prover.accepts(exchange.receive(Proof.class).proof())) throw RefusedException.identity();
        exchange.send(new Joining(MessageCodec.tree(join)));
        Admission admission = exchange.receive(Admission.class);
        PeerMessage answer = MessageCodec.message(admission.answer());
        if (answer instanceof PeerMessage.Joined) {
            if (admission.padded().length != Digests.BYTES) throw new ProtocolException("link secret of " + admission.padded().length + " bytes");
            secrets.share(offer.clusterPair(), new Secrets.Shared(Digests.xor(admission.padded(), prover.pad()), wire.peerFingerprint()));
        }
        return answer;
    }

    /** The starter's side. A wrong user, a wrong proof, a used key and too many attempts look the same from outside. */
    void admit(Wire wire, Hello hello) throws IOException {
        Exchange exchange = new Exchange(wire);
        Optional<Secrets.Found> found = secrets.offered(hello.subject());
        Scram.Verifier verifier = found.map(f -> f.offered().verifier())
            .orElseGet(() -> Scram.Verifier.unknown(identity.derive("unknown user " + hello.subject())));
        Challenge challenge = new Challenge(Digests.random(Exchange.NONCE_BYTES), verifier.salt(), verifier.iterations());
        exchange.send(challenge);
        byte[] proof = exchange.receive(Proof.class).proof();
        byte[] transcript = transcript(hello, challenge, wire.peerFingerprint(), identity.fingerprint());
        boolean allowed = found.isEmpty() || gate.enter(found.get().pair(), System.nanoTime());
        boolean proved = verifier.accepts(proof, transcript);
        if (!allowed || !proved || found.isEmpty() || !found.get().offered().serves(wire.peerFingerprint())) throw exchange.refuse(RefusedException.identity());
        gate.clear(found.get().pair());
        exchange.send(new Proof(verifier.answer(transcript)));
        if (!(MessageCodec.message(exchange.receive(Joining.class).message()) instanceof PeerMessage.Join join)) throw new ProtocolException("no Join");
        joining.lock();
        try {
            exchange.send(join(wire, found.get(), join, verifier.pad(proof, transcript), exchange));
        } finally {
            joining.unlock();
        }
    }

    private Admission join(Wire wire, Secrets.Found found, PeerMessage.Join join, byte[] pad, Exchange exchange) throws IOException {
        String username = found.offered().username();
        boolean stillServes = secrets.offered(username).filter(now -> now.offered().serves(wire.peerFingerprint())).isPresent();
        if (!stillServes) throw exchange.refuse(RefusedException.identity());
        PeerMessage answer = listener.introduced(found.pair(), join);
        if (!(answer instanceof PeerMessage.Joined)) return new Admission(MessageCodec.tree(answer), new byte[0]);
        Optional<Secrets.Shared> shared = secrets.bind(found.pair(), username, wire.peerFingerprint());
        if (shared.isEmpty()) throw exchange.refuse(RefusedException.identity());
        return new Admission(MessageCodec.tree(answer), Digests.xor(shared.get().secret(), pad));
    }

    private static byte[] transcript(Hello hello, Challenge challenge, String completer, String starter) {
        return Digests.transcript(LABEL, Digests.utf8(hello.subject()), hello.nonce(), challenge.nonce(), challenge.salt(),
            Digests.utf8(Integer.toString(challenge.iterations())), Digests.utf8(completer), Digests.utf8(starter));
    }

    private static String printable() {
        StringBuilder all = new StringBuilder();
        for (char c = '!'; c <= '~'; c++) all.append(c);
        return all.toString();
    }
}
