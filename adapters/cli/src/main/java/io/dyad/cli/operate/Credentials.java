package io.dyad.cli.operate;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An administrator's name and password; never printed. */
public record Credentials(String user, String password) {
    /** Where a command may find them: what was typed, a file, the environment, and whoever sits at the terminal. */
    public record Sources(@Nullable String typed, @Nullable Path file, Map<String, String> environment, Prompt prompt) { }

    /** Asks for a line that is not echoed; empty when nobody sits there. */
    public interface Prompt {
        Optional<String> ask(String what);

        /** On the terminal of this process. */
        static Optional<String> onTerminal(String what) {
            Console console = System.console();
            if (console == null) return Optional.empty();
            char[] typed = console.readPassword("%s: ", what);
            return Optional.ofNullable(typed).map(String::new);
        }
    }

    /**
     * What was typed, else the file, else the environment, in the first of these variables that is set. A password that is left
     * out is asked for. Throws {@link IllegalArgumentException} in words.
     */
    public static Optional<Credentials> find(Sources from, String... variables) {
        if (from.typed != null) return Optional.of(parse(from.typed, from.prompt));
        if (from.file != null) return Optional.of(parse(firstLine(from.file), from.prompt));
        for (String variable : variables) {
            String set = from.environment.get(variable);
            if (set != null && !set.isEmpty()) return Optional.of(parse(set, from.prompt));
        }
        return Optional.empty();
    }

    private static Credentials parse(String text, Prompt prompt) {
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        if (user.isBlank() || colon == text.length() - 1) throw new IllegalArgumentException("an administrator is USER:PASSWORD, or USER to be asked for the password");
        if (colon >= 0) return new Credentials(user, text.substring(colon + 1));
        String typed = prompt.ask("Password of " + user).orElseThrow(() -> new IllegalArgumentException("there is no terminal to ask for the password of " + user));
        if (typed.isEmpty()) throw new IllegalArgumentException("the password of " + user + " is empty");
        return new Credentials(user, typed);
    }

    private static String firstLine(Path file) {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.findFirst().map(String::strip).orElseThrow(() -> new IllegalArgumentException(file + " is empty"));
        } catch (IOException e) {
            throw new IllegalArgumentException("the administrator cannot be read from " + file + ": " + e.getMessage(), e);
        }
    }

    @Override public String toString() { return user; }
}
