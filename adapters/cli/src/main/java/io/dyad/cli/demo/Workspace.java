package io.dyad.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder of the demonstration. A temporary one is gone after close; one that was asked for stays. */
record Workspace(Path dir, boolean temporary) implements AutoCloseable {
    static Workspace of(Optional<Path> asked) throws IOException {
        if (asked.isEmpty()) return new Workspace(Files.createTempDirectory("dyad-demo-"), true);
        Path dir = Files.createDirectories(asked.get());
        try (var there = Files.list(dir)) {
            if (there.findAny().isPresent()) throw new DemoFailure("the folder " + dir + " is not empty: the demonstration starts with nothing");
        }
        return new Workspace(dir, false);
    }

    /** What its disk has free. */
    long freeBytes() throws IOException { return Files.getFileStore(dir).getUsableSpace(); }

    @Override public void close() throws IOException {
        if (!temporary || Files.notExists(dir)) return;
        Files.walkFileTree(dir, new SimpleFileVisitor<>() {
            @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException { return delete(file); }

            @Override public FileVisitResult visitFileFailed(Path file, IOException gone) { return FileVisitResult.CONTINUE; }

            @Override public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException { return delete(folder); }
        });
    }

    private static FileVisitResult delete(Path path) throws IOException {
        Files.deleteIfExists(path);
        return FileVisitResult.CONTINUE;
    }
}
