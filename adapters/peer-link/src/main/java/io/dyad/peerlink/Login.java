package io.dyad.peerlink;

import io.dyad.peerlink.Exchange.Challenge;
import io.dyad.peerlink.Exchange.Hello;
import io.dyad.peerlink.Exchange.Proof;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * The opening of a control link or a pipe between two paired ends: each shows the pinned certificate and proves the link
 * secret over both nonces; the dialling end proves first.
 */
final class Login {
    private static final byte[] NO_SALT = new byte[0];
    private static final Secrets.Shared NOBODY = new Secrets.Shared(new byte[0], "");

    private Login() { }

    /** The dialling end's side; returns the round trip in nanoseconds once both ends have proved themselves. */
    static long dial(Wire wire, Hello hello, Secrets.Shared shared, Identity identity) throws IOException {
        if (!wire.peerFingerprint().equals(shared.peerFingerprint())) throw RefusedException.identity();
        Exchange exchange = new Exchange(wire);
        long sentNs = System.nanoTime();
        exchange.greet(hello);
        Challenge challenge = exchange.receive(Challenge.class);
        long roundTripNs = System.nanoTime() - sentNs;
        exchange.send(new Proof(proof("dialling", shared, hello, challenge, identity.fingerprint(), wire.peerFingerprint())));
        byte[] expected = proof("accepting", shared, hello, challenge, identity.fingerprint(), wire.peerFingerprint());
        if (!MessageDigest.isEqual(expected, exchange.receive(Proof.class).proof())) throw RefusedException.identity();
        return roundTripNs;
    }

    /** The accepting end's side up to its own proof, which it owes until it is ready to serve. */
    static Guest accept(Wire wire, Hello hello, Secrets secrets, Identity identity) throws IOException {
        Exchange exchange = new Exchange(wire);
        UUID pair = pair(exchange, hello);
        Secrets.Shared shared = secrets.shared(pair).orElse(NOBODY);
        if (!shared.peerFingerprint().equals(wire.peerFingerprint())) throw exchange.refuse(RefusedException.identity());
        Challenge challenge = new Challenge(Digests.random(Exchange.NONCE_BYTES), NO_SALT, 0);
        long sentNs = System.nanoTime();
        exchange.send(challenge);
        byte[] proof = exchange.receive(Proof.class).proof();
        long roundTripNs = System.nanoTime() - sentNs;
        if (!MessageDigest.isEqual(proof("dialling", shared, hello, challenge, wire.peerFingerprint(), identity.fingerprint()), proof))
            throw exchange.refuse(RefusedException.identity());
        secrets.proven(pair);
        return new Guest(wire, pair, hello, roundTripNs, proof("accepting", shared, hello, challenge, wire.peerFingerprint(), identity.fingerprint()));
    }

    /** A dialling end that has proved itself and waits to be welcomed. */
    record Guest(Wire wire, UUID pair, Hello hello, long roundTripNs, byte[] ownProof) {
        void welcome() throws IOException { new Exchange(wire).send(new Proof(ownProof)); }

        RefusedException refuse(String words) throws IOException { return new Exchange(wire).refuse(RefusedException.because(words)); }
    }

    private static UUID pair(Exchange exchange, Hello hello) throws IOException {
        try {
            return UUID.fromString(hello.subject());
        } catch (IllegalArgumentException e) {
            throw exchange.refuse(RefusedException.identity());
        }
    }

    private static byte[] proof(String role, Secrets.Shared shared, Hello hello, Challenge challenge, String dialling, String accepting) {
        return Digests.hmac(shared.secret(), Digests.transcript(Digests.utf8("dyad link 1 " + role), Digests.utf8(hello.kind().name()),
            Digests.utf8(hello.subject()), Digests.utf8(hello.volumePair().toString()), hello.nonce(), challenge.nonce(),
            Digests.utf8(dialling), Digests.utf8(accepting)));
    }
}
