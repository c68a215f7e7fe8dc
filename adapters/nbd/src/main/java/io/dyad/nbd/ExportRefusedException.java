package io.dyad.nbd;

/** The export exists and must not be opened now; the message tells the host why. */
public final class ExportRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    public ExportRefusedException(String message) { super(message); }
}
