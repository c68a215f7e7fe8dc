package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Thousands of hostile requests, the same at each run, a batch for each seed; a failing seed repeats its batch. The long siege is {@link LongSiegeTest}. */
class SiegeTest {
    private static final int BATCH = 50;
    private static Path dir = Path.of("");
    private static Optional<BesiegedCluster> besieged = Optional.empty();
    private int threads;

    @BeforeContainer static void open() throws IOException {
        dir = Files.createTempDirectory("siege");
        besieged = Optional.of(BesiegedCluster.open(dir));
    }

    @BeforeProperty void count() { threads = ManagementFactory.getThreadMXBean().getThreadCount(); }

    @AfterContainer static void close() throws IOException {
        besieged.ifPresent(BesiegedCluster::close);
        deleteAll(dir);
    }

    @Property(tries = 100, seed = "1", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void no_request_is_answered_with_the_inside_or_changes_what_it_was_refused(@ForAll long seed) {
        var requests = new HostileRequests(new SplittableRandom(seed));
        for (int i = 0; i < BATCH; i++) besieged.orElseThrow().ask(requests.next());
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).as("threads").isLessThan(threads + 50);
    }

    static void deleteAll(Path root) throws IOException {
        try (var all = Files.walk(root)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
