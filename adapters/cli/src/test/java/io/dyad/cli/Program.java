package io.dyad.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The program as a process of its own, on the class path of the test. */
public record Program(int exit, String out, String err) {
    public static Process start(String command, List<String> arguments) throws IOException { return builder(command, arguments).start(); }

    static ProcessBuilder builder(String command, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-cp", System.getProperty("java.class.path"), Main.class.getName(), command));
        line.addAll(arguments);
        return new ProcessBuilder(line);
    }

    /** Runs it to its end. */
    static Program run(String command, List<String> arguments) throws IOException, InterruptedException {
        Process process = start(command, arguments);
        var err = CompletableFuture.supplyAsync(() -> text(process.errorReader()));
        String out = text(process.inputReader());
        return new Program(process.waitFor(), out, err.join());
    }

    private static String text(java.io.BufferedReader reader) { return String.join("\n", reader.lines().toList()); }
}
