package io.dyad.testkit.kit;

/** A refusal as the wire shows it: {@code name} as in {@code xVolumeNotPaired}, and its message. */
public final class ApiError extends Exception {
    private final String name;

    public ApiError(String name, String message) {
        super(message);
        this.name = name;
    }

    public String name() { return name; }

    public String message() { return String.valueOf(getMessage()); }
}
