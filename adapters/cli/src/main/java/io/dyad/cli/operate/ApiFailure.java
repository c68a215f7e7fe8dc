package io.dyad.cli.operate;

/** A cluster did not do what it was asked; the message says what and why, in words for an operator. */
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final boolean answered;

    private ApiFailure(String message, Throwable cause, boolean answered) {
        super(message, cause);
        this.answered = answered;
    }

    ApiFailure(String message) { this(message, new IllegalStateException(message), true); }

    static ApiFailure noAnswer(String message, Throwable cause) { return new ApiFailure(message, cause, false); }

    /** False when nobody answered at all: the cluster may be down. */
    boolean answered() { return answered; }
}
