package io.dyad.peerlink;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this cluster must keep secret of its cluster pairs, one private file a pair. Every change is durable when the method
 * returns. Safe for any thread.
 */
final class Secrets {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** An offer not yet forgotten. {@code boundTo}: the fingerprint of the one completer it has served, or empty. */
    record Offered(String username, Scram.Verifier verifier, String boundTo) {
        boolean serves(String completer) { return boundTo.isEmpty() || boundTo.equals(completer); }
    }

    /** What both ends of a pair share: a secret, and the other's certificate. */
    record Shared(byte[] secret, String peerFingerprint) {
        @Override public String toString() { return "Shared[" + peerFingerprint + "]"; }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Entry(@Nullable Offered offered, @Nullable Shared shared) { }

    /** An offer and its pair. */
    record Found(UUID pair, Offered offered) { }

    private final Path dir;
    private final Map<UUID, Entry> entries = new HashMap<>();

    private Secrets(Path dir) { this.dir = dir; }

    static Secrets open(Path dir) throws IOException {
        PrivateFile.createDirectories(dir);
        Secrets secrets = new Secrets(dir);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*.json")) {
            for (Path file : files) secrets.load(file);
        }
        return secrets;
    }

    private void load(Path file) throws IOException {
        String name = file.getFileName().toString();
        try {
            entries.put(UUID.fromString(name.substring(0, name.length() - ".json".length())), JSON.readValue(Files.readAllBytes(file), Entry.class));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException("secrets of a cluster pair are unreadable: " + file);
        }
    }

    /** Stores the verifier of a new offer; an earlier one of the pair is void from now on. */
    synchronized void offer(UUID pair, String username, Scram.Verifier verifier) throws IOException {
        Entry entry = entries.get(pair);
        if (entry != null && entry.shared() != null) throw new IllegalStateException("cluster pair " + pair + " is already joined");
        store(pair, new Entry(new Offered(username, verifier, ""), null));
    }

    synchronized Optional<Found> offered(String username) {
        for (Map.Entry<UUID, Entry> entry : entries.entrySet()) {
            Offered offered = entry.getValue().offered();
            if (offered != null && offered.username().equals(username)) return Optional.of(new Found(entry.getKey(), offered));
        }
        return Optional.empty();
    }

    /** Binds an offer to the completer that it served and makes their secret; the same again for the same completer, else empty. */
    synchronized Optional<Shared> bind(UUID pair, String username, String completer) throws IOException {
        Entry entry = entries.get(pair);
        if (entry == null || entry.offered() == null || !entry.offered().username().equals(username) || !entry.offered().serves(completer))
            return Optional.empty();
        if (entry.shared() != null) return Optional.of(entry.shared());
        Shared shared = new Shared(Digests.random(Digests.BYTES), completer);
        store(pair, new Entry(new Offered(username, entry.offered().verifier(), completer), shared));
        return Optional.of(shared);
    }

    /** The completer's half of {@link #bind}. */
    synchronized void share(UUID pair, Shared shared) throws IOException { store(pair, new Entry(null, shared)); }

    synchronized Optional<Shared> shared(UUID pair) { return Optional.ofNullable(entries.get(pair)).map(Entry::shared); }

    /** The peer has used the secret, so it holds it for good: its offer is used up. */
    synchronized void proven(UUID pair) throws IOException {
        Entry entry = entries.get(pair);
        if (entry != null && entry.offered() != null && entry.shared() != null) store(pair, new Entry(null, entry.shared()));
    }

    synchronized void forget(UUID pair) throws IOException {
        entries.remove(pair);
        PrivateFile.delete(file(pair));
    }

    private void store(UUID pair, Entry entry) throws IOException {
        PrivateFile.replace(file(pair), JSON.writeValueAsBytes(entry));
        entries.put(pair, entry);
    }

    private Path file(UUID pair) { return dir.resolve(pair + ".json"); }
}
