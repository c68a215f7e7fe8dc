package io.dyad.nbd;

/** No export has the name asked for. */
public final class NoSuchExportException extends Exception {
    private static final long serialVersionUID = 1;

    public NoSuchExportException(String message) { super(message); }
}
