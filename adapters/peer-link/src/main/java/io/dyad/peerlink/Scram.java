package io.dyad.peerlink;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Proof of a pairing key's password in both directions without sending it, after RFC 5802 with SHA-256. The transcript that
 * both proofs sign takes the place of the RFC's AuthMessage.
 */
final class Scram {
    static final int ITERATIONS = 10_000;
    static final int SALT_BYTES = 16;
    private static final byte[] CLIENT = Digests.utf8("Client Key");
    private static final byte[] SERVER = Digests.utf8("Server Key");

    private Scram() { }

    /** What the starter keeps: enough to check a proof and to give one, not enough to log in with. */
    record Verifier(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
        static Verifier of(String password) {
            byte[] salt = Digests.random(SALT_BYTES);
            byte[] salted = stretch(password, salt, ITERATIONS);
            return new Verifier(salt, ITERATIONS, Digests.sha256(Digests.hmac(salted, CLIENT)), Digests.hmac(salted, SERVER));
        }

        /** One that no password meets and that looks like any other, the same for the same seed. */
        static Verifier unknown(byte[] seed) {
            byte[] salt = java.util.Arrays.copyOf(Digests.hmac(seed, Digests.utf8("salt")), SALT_BYTES);
            return new Verifier(salt, ITERATIONS, Digests.hmac(seed, CLIENT), Digests.hmac(seed, SERVER));
        }

        /** Whether {@code proof} was made with the password; takes the same time either way. */
        boolean accepts(byte[] proof, byte[] transcript) {
            return proof.length == Digests.BYTES && MessageDigest.isEqual(Digests.sha256(clientKey(proof, transcript)), storedKey);
        }

        byte[] answer(byte[] transcript) { return Digests.hmac(serverKey, transcript); }

        /** A pad that only the two ends know, given an accepted proof. */
        byte[] pad(byte[] proof, byte[] transcript) { return Scram.pad(clientKey(proof, transcript), transcript); }

        private byte[] clientKey(byte[] proof, byte[] transcript) { return Digests.xor(proof, Digests.hmac(storedKey, transcript)); }

        @Override public String toString() { return "Verifier"; }
    }

    /** The completer's side of one exchange. */
    record Prover(byte[] clientKey, byte[] serverKey, byte[] transcript) {
        static Prover of(String password, byte[] salt, int iterations, byte[] transcript) {
            byte[] salted = stretch(password, salt, iterations);
            return new Prover(Digests.hmac(salted, CLIENT), Digests.hmac(salted, SERVER), transcript);
        }

        byte[] proof() { return Digests.xor(clientKey, Digests.hmac(Digests.sha256(clientKey), transcript)); }

        boolean accepts(byte[] answer) { return MessageDigest.isEqual(answer, Digests.hmac(serverKey, transcript)); }

        byte[] pad() { return Scram.pad(clientKey, transcript); }

        @Override public String toString() { return "Prover"; }
    }

    private static byte[] pad(byte[] clientKey, byte[] transcript) {
        return Digests.hmac(clientKey, Digests.transcript(Digests.utf8("dyad link secret"), transcript));
    }

    private static byte[] stretch(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, Digests.BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            spec.clearPassword();
        }
    }
}
