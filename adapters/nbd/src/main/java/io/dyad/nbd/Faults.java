package io.dyad.nbd;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What failures of an export become on the wire. The first one of a session that has no code of its own is logged. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);
    private final String session;
    private final AtomicBoolean logged = new AtomicBoolean();

    Faults(String session) { this.session = session; }

    /** A step of the export. */
    interface Step {
        void run() throws IOException;
    }

    Optional<NbdError> during(Step step) {
        try {
            step.run();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of(errorOf(e));
        }
    }

    NbdError errorOf(Exception e) {
        if (e instanceof NbdException known) return known.error();
        if (logged.compareAndSet(false, true)) LOG.warn("{}: I/O error told to the client", session, e);
        return NbdError.EIO;
    }

    static String wordsOf(Exception e) { return String.valueOf(e.getMessage()); }
}
