package io.dyad.peerlink;

import java.io.IOException;

/** One end turned the other away, in words. */
final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    /** What was wrong: who the other is, or anything that may be right later or with another release. */
    enum Ground { IDENTITY, OTHER }

    private final Ground ground;

    RefusedException(Ground ground, String message) {
        super(message);
        this.ground = ground;
    }

    /** The one answer to every wrong user, key, certificate, secret or pair. */
    static RefusedException identity() { return new RefusedException(Ground.IDENTITY, "who you are could not be proved"); }

    static RefusedException because(String words) { return new RefusedException(Ground.OTHER, words); }

    Ground ground() { return ground; }
}
