package io.dyad.cli.demo;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar in MiB, with rate and time left, drawn on the screen. */
final class Bar implements AutoCloseable {
    private static final long MIB = 1L << 20;
    private static final int REDRAW_MILLIS = 80;
    private static final int PLAIN_LINE_MILLIS = 1000;
    private final ProgressBar bar;

    Bar(Screen screen, String task, long totalBytes) {
        bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(totalBytes).setUnit(" MiB", MIB)
            .showSpeed(new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
            .setStyle(screen.unicode() ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(screen.terminal() ? REDRAW_MILLIS : PLAIN_LINE_MILLIS).setConsumer(new OnScreen(screen)).build();
    }

    void reach(long bytes) { bar.stepTo(bytes); }

    @Override public void close() { bar.close(); }

    private record OnScreen(Screen screen) implements ProgressBarConsumer {
        @Override public int getMaxRenderedLength() { return screen.barColumns(); }

        @Override public void accept(String rendered) { screen.draw(rendered); }

        @Override public void close() { screen.endBar(); }
    }
}
