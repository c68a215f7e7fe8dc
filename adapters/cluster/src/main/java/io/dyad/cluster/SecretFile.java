package io.dyad.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** A small file of names and secrets that only its owner may read; replaced as a whole, durably. Safe for any thread. */
final class SecretFile {
    private final Path file;
    private final Properties entries = new Properties();

    SecretFile(Path file) throws IOException {
        this.file = file;
        if (!Files.exists(file)) return;
        try (InputStream in = Files.newInputStream(file)) {
            entries.load(in);
        }
    }

    synchronized Optional<String> get(String name) { return Optional.ofNullable(entries.getProperty(name)); }

    synchronized void put(String name, String secret) {
        entries.setProperty(name, secret);
        keep();
    }

    /** Unless it has become another meanwhile. */
    synchronized void replace(String name, String was, String now) {
        if (was.equals(entries.getProperty(name))) put(name, now);
    }

    synchronized void remove(String name) {
        if (entries.remove(name) != null) keep();
    }

    private void keep() {
        try {
            save();
        } catch (IOException e) {
            throw new UncheckedIOException("secrets cannot be kept: " + e.getMessage(), e);
        }
    }

    private void save() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        entries.store(bytes, null);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel out = FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
            while (all.hasRemaining()) out.write(all);
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel dir = FileChannel.open(file.toAbsolutePath().getParent())) {
            dir.force(true);
        }
    }
}
