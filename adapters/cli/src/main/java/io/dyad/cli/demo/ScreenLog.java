package io.dyad.cli.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** The program's log as lines of the story: what replication reports at the end of a resync, and every warning. */
final class ScreenLog extends AppenderBase<ILoggingEvent> {
    private static final String REPLICATION = "io.dyad.replication";
    private final Screen screen;

    private ScreenLog(Screen screen) { this.screen = screen; }

    /** From now on the log goes to the screen and nowhere else. */
    static void onto(Screen screen) {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        ScreenLog log = new ScreenLog(screen);
        log.setContext(logging);
        log.start();
        Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(log);
        root.setLevel(Level.WARN);
        logging.getLogger("io.dyad").setLevel(Level.WARN);
        logging.getLogger(REPLICATION).setLevel(Level.INFO);
    }

    @Override protected void append(ILoggingEvent event) {
        boolean warning = event.getLevel().isGreaterOrEqual(Level.WARN);
        String why = event.getThrowableProxy() == null ? "" : ": " + event.getThrowableProxy().getClassName() + ": " + event.getThrowableProxy().getMessage();
        screen.line(warning ? event.getLevel().toString().toLowerCase(Locale.ROOT) + ": " + event.getFormattedMessage() + why : event.getFormattedMessage());
    }
}
