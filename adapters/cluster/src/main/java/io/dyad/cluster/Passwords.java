package io.dyad.cluster;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Salted, deliberately slow password hashes: {@code iterations:salt:hash}, PBKDF2 with HMAC-SHA-256, as often as OWASP advises for it
 * (Password Storage Cheat Sheet, 2023). Each hash is checked by its own count. {@code -Ddyad.passwordIterations} is for tests, which set many.
 */
final class Passwords {
    private static final int ITERATIONS = Integer.getInteger("dyad.passwordIterations", 600_000);
    private static final int BITS = 256;
    private static final HexFormat HEX = HexFormat.of();
    /** What no password matches, at the price of any other: for users that do not exist. */
    static final String DECOY = ITERATIONS + ":" + "00".repeat(16) + ":" + "00".repeat(BITS / 8);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() { }

    static String hash(char[] password) {
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        return ITERATIONS + ":" + HEX.formatHex(salt) + ":" + HEX.formatHex(derive(password, salt, ITERATIONS));
    }

    static boolean matches(char[] password, String stored) {
        String[] parts = stored.split(":");
        byte[] derived = derive(password, HEX.parseHex(parts[1]), iterations(stored));
        return MessageDigest.isEqual(derived, HEX.parseHex(parts[2]));
    }

    /** Whether a hash of now would cost more to guess. */
    static boolean isWeaker(String stored) { return iterations(stored) < ITERATIONS; }

    private static int iterations(String stored) { return Integer.parseInt(stored.substring(0, stored.indexOf(':'))); }

    /** Characters of {@code alphabet}, chosen at random. */
    static String random(int length, String alphabet) {
        return RANDOM.ints(length, 0, alphabet.length()).collect(StringBuilder::new, (b, i) -> b.append(alphabet.charAt(i)), StringBuilder::append).toString();
    }

    private static byte[] derive(char[] password, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(new PBEKeySpec(password, salt, iterations, BITS)).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2", e);
        }
    }
}
