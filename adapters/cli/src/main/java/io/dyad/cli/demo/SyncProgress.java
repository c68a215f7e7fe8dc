package io.dyad.cli.demo;

import org.jspecify.annotations.Nullable;

/** The bar of a first sync: there from the moment when its size is known, full once it is over. */
final class SyncProgress implements AutoCloseable {
    private static final int BLOCK_BYTES = 4096;
    private final Site source;
    private final Screen screen;
    private @Nullable Bar bar;
    private long totalBlocks;
    private long doneBlocks;

    SyncProgress(Site source, Screen screen) {
        this.source = source;
        this.screen = screen;
    }

    /** Brings the bar to what the source says now. What later epochs ship is not of the first sync. */
    void look() {
        source.pair().filter(now -> now.blocksTotal() > 0).ifPresent(now -> {
            if (totalBlocks == 0) totalBlocks = now.blocksTotal();
            if (now.blocksTotal() == totalBlocks) doneBlocks = Math.max(doneBlocks, totalBlocks - now.blocksLeft());
            Bar shown = bar;
            if (shown == null) bar = shown = new Bar(screen, "first sync", totalBlocks * BLOCK_BYTES);
            shown.reach(doneBlocks * BLOCK_BYTES);
        });
    }

    /** It is over: the target has it all. */
    void finish() {
        Bar shown = bar;
        if (shown != null) shown.reach(totalBlocks * BLOCK_BYTES);
    }

    @Override public void close() {
        Bar shown = bar;
        if (shown != null) shown.close();
    }
}
