package io.dyad.domain;

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
