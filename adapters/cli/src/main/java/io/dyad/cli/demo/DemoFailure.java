package io.dyad.cli.demo;

/** A step of the demonstration did not go as it must; the message says which and how. */
final class DemoFailure extends RuntimeException {
    DemoFailure(String message) { super(message); }

    DemoFailure(String message, Throwable cause) { super(message, cause); }
}
