package io.dyad.cli.operate;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Carries out a switch through the API of both clusters, and waits until both show it. */
final class Failover {
    private static final long POLL_MILLIS = 200;
    private final Switch planned;
    private final Consumer<String> progress;
    private final long untilNs;
    private final long bound;
    private String shown = "";

    Failover(Switch planned, Duration bound, Consumer<String> progress) {
        this.planned = planned;
        this.progress = progress;
        this.bound = bound.toSeconds();
        this.untilNs = System.nanoTime() + bound.toNanos();
    }

    /** Returns when the direction is as wanted and data flows that way; else throws {@link ApiFailure} that says how far it came. */
    void run() {
        switch (planned.kind()) {
            case NOTHING   -> { }
            case PLANNED   -> {
                follow(planned.target().orElseThrow());
                lead(planned.source());
            }
            case UNPLANNED -> {
                lead(planned.source());
                planned.target().ifPresent(this::follow);
            }
            case CHOSEN    -> {
                follow(planned.target().orElseThrow());
                if (!planned.source().writes()) lead(planned.source());
            }
        }
        await();
    }

    private void lead(End end) {
        progress.accept(end.named() + " becomes " + End.SOURCE);
        end.access(End.SOURCE);
    }

    private void follow(End end) {
        progress.accept(end.named() + " becomes " + End.TARGET);
        end.access(End.TARGET);
    }

    private void await() {
        while (true) {
            End source = planned.source().again();
            Optional<End> target = planned.target().map(End::again);
            show(source, target);
            if (source.writes() && target.map(t -> t.follows() && flows(source, t)).orElse(true)) return;
            target.ifPresent(t -> requireHope(source, t));
            if (System.nanoTime() > untilNs) throw new ApiFailure("not within " + bound + " s: " + shown);
            pause();
        }
    }

    private static boolean flows(End source, End target) { return inOrder(source.state()) && inOrder(target.state()); }

    /** Idle is what a pair shows that ships snapshots only. */
    private static boolean inOrder(String state) { return state.equals("Active") || state.equals("Idle"); }

    private static void requireHope(End source, End target) {
        for (End end : new End[] {source, target}) {
            if (end.state().startsWith("PausedManual") || end.state().startsWith("Stopped") || end.state().equals("unpaired"))
                throw new ApiFailure("the direction is as wanted, but " + end.named() + " is " + end.state() + ", so nothing crosses until somebody changes that");
        }
    }

    private void show(End source, Optional<End> target) {
        String now = text(source) + target.map(t -> ", " + text(t)).orElse("");
        if (!now.equals(shown)) progress.accept(now);
        shown = now;
    }

    private static String text(End end) {
        OptionalLong lag = end.lagBytes();
        return end.named() + " " + end.access() + " " + end.state() + (end.details().isEmpty() ? "" : " (" + end.details() + ")") + (lag.orElse(0) > 0 ? ", " + lag.getAsLong() + " bytes to go" : "");
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiFailure.noAnswer("interrupted", e);
        }
    }
}
