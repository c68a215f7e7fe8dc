package io.dyad.cli.demo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** SHA-256 on a thread beside the reader's. A piece handed over stays untouched until the next one was taken: two buffers in turn will do. */
final class Sha256Lane implements AutoCloseable {
    private static final byte[] ZEROES = new byte[1 << 16];
    private final MessageDigest digest;
    private final ExecutorService lane = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("sha256").factory());
    private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

    Sha256Lane() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    void add(byte[] bytes, int length) { next(() -> digest.update(bytes, 0, length)); }

    void addZeroes(long length) {
        next(() -> {
            for (long left = length; left > 0; left -= ZEROES.length) digest.update(ZEROES, 0, (int) Math.min(left, ZEROES.length));
        });
    }

    /** Lower-case hex of all that was added; the lane starts afresh. */
    String hex() {
        last.join();
        return HexFormat.of().formatHex(digest.digest());
    }

    private void next(Runnable update) {
        last.join();
        last = CompletableFuture.runAsync(update, lane);
    }

    @Override public void close() { lane.shutdownNow(); }
}
