package io.dyad.peerlink.key;

/** The text is no pairing key. The message says what is wrong in words and never holds a part of the key. */
public final class InvalidKeyException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidKeyException(String message) { super(message); }
}
