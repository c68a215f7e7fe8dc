package io.dyad.testkit.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** The suite against real clusters, opened for one property and asked one way or the other. */
abstract class RealClustersSuite extends ConformanceSuite {
    private Optional<Path> dir = Optional.empty();
    private Optional<RealClusters> clusters = Optional.empty();
    private Optional<TwoClusters> asked = Optional.empty();

    abstract TwoClusters asking(RealClusters clusters);

    @BeforeProperty
    void open() throws IOException {
        dir = Optional.of(Files.createTempDirectory("dyad-kit"));
        clusters = Optional.of(new RealClusters(dir.get()));
        asked = Optional.of(asking(clusters.get()));
    }

    @AfterProperty
    void close() throws IOException {
        clusters.ifPresent(RealClusters::close);
        if (dir.isEmpty()) return;
        try (Stream<Path> files = Files.walk(dir.get())) {
            files.sorted(Comparator.reverseOrder()).forEach(RealClustersSuite::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override protected TwoClusters twoClusters() { return asked.orElseThrow(); }

    @Override protected int tries() { return Integer.getInteger("dyad.kit.tries", 3); }

    @Override protected int manyTries() { return Integer.getInteger("dyad.kit.tries", 100); }

    @Override protected ShrinkingMode shrinking() { return ShrinkingMode.OFF; }
}
