package io.dyad.peerlink;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** SHA-256, its HMAC and random bytes, without the checked exceptions of algorithms that every Java has. */
final class Digests {
    static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Digests() { }

    static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A hash of the parts in which no byte can move from one part to the next. */
    static byte[] transcript(byte[]... parts) {
        int bytes = 0;
        for (byte[] part : parts) bytes += Integer.BYTES + part.length;
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (byte[] part : parts) all.putInt(part.length).put(part);
        return sha256(all.array());
    }

    static byte[] xor(byte[] a, byte[] b) {
        if (a.length != b.length) throw new IllegalArgumentException(a.length + " bytes against " + b.length);
        byte[] result = new byte[a.length];
        for (int i = 0; i < a.length; i++) result[i] = (byte) (a[i] ^ b[i]);
        return result;
    }

    static byte[] random(int bytes) {
        byte[] result = new byte[bytes];
        RANDOM.nextBytes(result);
        return result;
    }

    /** {@code chars} characters drawn evenly from {@code alphabet}. */
    static String random(int chars, String alphabet) {
        StringBuilder text = new StringBuilder(chars);
        for (int i = 0; i < chars; i++) text.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
        return text.toString();
    }

    static int randomPositive() { return RANDOM.nextInt(1, Integer.MAX_VALUE); }

    static byte[] utf8(String text) { return text.getBytes(StandardCharsets.UTF_8); }

    static String hex(byte[] bytes) { return HexFormat.of().formatHex(bytes); }
}
