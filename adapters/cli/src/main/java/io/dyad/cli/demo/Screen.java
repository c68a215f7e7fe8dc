package io.dyad.cli.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

/**
 * Where the demonstration tells its story: numbered acts, and under each one line a moment, with its time. On a terminal a
 * progress bar stays on the last line while others pass above it; elsewhere it becomes a line now and then, and nothing is coloured.
 */
final class Screen {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final int PLAIN_COLUMNS = 100;
    private static final int INDENT = 3;
    private static final String BOLD = "\033[1m";
    private static final String DIM = "\033[2m";
    private static final String PLAIN = "\033[0m";
    private static final String CLEAR_LINE = "\r\033[K";
    private final PrintStream out;
    private final int columns;
    private final boolean unicode;
    private int acts;
    private String bar = "";

    /** {@code columns} is 0 when it is no terminal. */
    Screen(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
        this.unicode = out.charset().newEncoder().canEncode('█');
    }

    static Screen onStandardError() { return new Screen(System.err, terminalColumns()); }

    /** Columns of the terminal behind standard error, by asking stty; 0 when there is none. */
    private static int terminalColumns() {
        try {
            Process stty = new ProcessBuilder("sh", "-c", "exec stty size <&2 2>/dev/null").redirectError(Redirect.INHERIT).start();
            if (!stty.waitFor(5, TimeUnit.SECONDS)) return 0;
            String[] rowsAndColumns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim().split(" ", 2);
            return stty.exitValue() != 0 || rowsAndColumns.length < 2 ? 0 : Math.max(Integer.parseInt(rowsAndColumns[1]), 2 * INDENT);
        } catch (IOException | NumberFormatException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    boolean terminal() { return columns > 0; }

    boolean unicode() { return unicode; }

    int barColumns() { return (terminal() ? Math.min(columns - 1, PLAIN_COLUMNS) : PLAIN_COLUMNS) - INDENT; }

    /** From the first end to the second, back, or neither. */
    String arrow(int direction) {
        if (unicode) return direction > 0 ? "──▶" : direction < 0 ? "◀──" : " · ";
        return direction > 0 ? "-->" : direction < 0 ? "<--" : " - ";
    }

    /** Says something to who started the program, outside the story. */
    synchronized void tell(String text) { print("dyad: " + text); }

    /** Opens the next act. */
    synchronized void act(String title) {
        acts++;
        print((acts > 1 ? System.lineSeparator() : "") + paint(BOLD, acts + "  " + title));
    }

    synchronized void line(String text) { print(" ".repeat(INDENT) + paint(DIM, LocalTime.now().format(TIME)) + "  " + text); }

    void state(String text) {
        line(terminal() ? text.replaceAll("\\bActive\\b", "\033[32m$0" + PLAIN).replaceAll("\\b(Paused|Stopped)\\w+", "\033[33m$0" + PLAIN).replaceAll("\\bResuming\\w+", "\033[36m$0" + PLAIN) : text);
    }

    /** Shows the bar as it is now. */
    synchronized void draw(String rendered) {
        if (!terminal()) {
            line(rendered);
            return;
        }
        bar = " ".repeat(INDENT) + rendered;
        out.print(CLEAR_LINE + bar);
        out.flush();
    }

    /** The bar stays where it is, and what follows goes below it. */
    synchronized void endBar() {
        if (!bar.isEmpty()) out.println();
        bar = "";
    }

    private void print(String line) {
        out.println(bar.isEmpty() ? line : CLEAR_LINE + line);
        out.print(bar);
        out.flush();
    }

    private String paint(String how, String text) { return terminal() ? how + text + PLAIN : text; }
}
