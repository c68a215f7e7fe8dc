package io.dyad.cli.demo;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for conditions, each within a bound, and for none any more once {@code stopped}. */
record Await(BooleanSupplier stopped) {
    private static final int POLL_MILLIS = 20;

    /** Returns once {@code met}; after {@code bound} it fails, saying what was awaited and what there was instead. */
    void until(String what, Duration bound, BooleanSupplier met, Supplier<?> instead) {
        long startNs = System.nanoTime();
        while (!met.getAsBoolean()) {
            requireGoingOn();
            if (System.nanoTime() - startNs > bound.toNanos()) throw new DemoFailure("not within " + bound.toSeconds() + " s: " + what + " (now: " + instead.get() + ")");
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DemoFailure("interrupted while waiting: " + what, e);
            }
        }
    }

    void requireGoingOn() {
        if (stopped.getAsBoolean()) throw new DemoFailure("interrupted");
    }
}
