package io.dyad.eventstore;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A thread of its own for a caller's work on the file: an interrupt of the caller would close H2's channel in the middle of a read. */
final class Aside {
    private Aside() { }

    /** Returns the work's result, or throws what it threw within an {@link IllegalStateException}. */
    static <T> T call(String thread, Callable<T> work) {
        var answer = new CompletableFuture<T>();
        Thread.ofPlatform().name(thread).daemon().start(() -> {
            try {
                answer.complete(work.call());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw new IllegalStateException(e.getMessage(), e.getCause());
        }
    }
}
