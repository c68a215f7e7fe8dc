package io.dyad.cluster;

import io.dyad.domain.Refusal;

/** A rule said no; nothing has changed. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Refusal refusal;

    public RefusedException(Refusal refusal, String detail) {
        super(detail);
        this.refusal = refusal;
    }

    public Refusal refusal() { return refusal; }
}
