package io.dyad.cli.demo;

import io.dyad.cli.operate.ApiFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: the whole of replication on one machine, with a proof at the end. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Starts two clusters on free loopback ports, pairs them through the JSON-RPC API, and replicates a disk image from one to the other: "
        + "written to while it travels, paused and resumed, cut off and reconnected, failed over, and compared block by block.",
        "The last line on standard output is: identical: BYTES bytes, sha256 HEX"})
public final class DemoCommand implements Callable<Integer> {
    private static final int CLEANUP_SECONDS = 30;

    @Option(names = "--image", paramLabel = "FILE", description = "The disk image; by default the modules file of the Java runtime, a real file of more than 100 MB.")
    private @Nullable Path image;

    @Option(names = "--dir", paramLabel = "DIR", description = "An empty or new folder to keep everything in; by default a temporary one, gone at the end.")
    private @Nullable Path dir;

    @Option(names = "--no-writes", description = "Nothing is written beside the image: HEX is the SHA-256 of the image, padded with zeroes to the volume's size.")
    private boolean noWrites;

    private volatile boolean stopped;

    private final PrintStream results;
    private final Supplier<Screen> screens;

    public DemoCommand() { this(System.out, Screen::onStandardError); }

    DemoCommand(PrintStream results, Supplier<Screen> screens) {
        this.results = results;
        this.screens = screens;
    }

    /** On Ctrl-C the acting thread is told to stop, and the process ends once it has cleaned up. */
    @Override public Integer call() {
        CountDownLatch over = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().name("stop").unstarted(() -> {
            stopped = true;
            awaitQuietly(over);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return play(screens.get());
        } finally {
            over.countDown();
            forget(hook);
        }
    }

    private int play(Screen screen) {
        ScreenLog.onto(screen);
        String doing = "preparing";
        String proof;
        try (Workspace space = Workspace.of(Optional.ofNullable(dir))) {
            Image chosen = Image.of(image == null ? Image.shippedWithJava() : image);
            if (space.freeBytes() < 2 * chosen.sizeBytes()) screen.tell("two copies of " + chosen.file() + " may not fit into " + space.dir() + "; --dir DIR takes another place");
            doing = "starting two clusters";
            try (Demo demo = new Demo(space.dir(), chosen, !noWrites, screen, () -> stopped)) {
                try {
                    proof = demo.play();
                } finally {
                    doing = demo.act();
                }
            }
        } catch (DemoFailure | ApiFailure | IOException e) {
            return failed(screen, doing, e);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(DemoCommand.class).error("unforeseen", e);
            return failed(screen, doing, e);
        }
        results.println(proof);
        results.flush();
        return 0;
    }

    private int failed(Screen screen, String doing, Exception e) {
        String why = e instanceof DemoFailure || e instanceof ApiFailure ? e.getMessage() : e.toString();
        screen.tell(stopped ? "interrupted" : "the demonstration failed (" + doing + "): " + why);
        return 1;
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // the hook runs already and waits for nothing more
        }
    }

    private static void awaitQuietly(CountDownLatch over) {
        try {
            if (!over.await(CLEANUP_SECONDS, TimeUnit.SECONDS)) System.err.println("dyad: the demonstration did not end in time; its folder may be left");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
