package io.dyad.nbd;

import static io.dyad.nbd.NbdClient.*;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Whoever misbehaves loses that connection, costs one log line and disturbs nobody else. */
class HostileClientTest {
    private final MemoryExport volume = new MemoryExport(1 << 20);
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(NbdServer.class);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.WARN)) warnings.add(event.getFormattedMessage());
        }
    };
    private NbdServer server;
    private NbdClient bystander;

    @BeforeEach void start() throws IOException {
        appender.start();
        log.addAppender(appender);
        server = NbdServer.start(MemoryExport.anyPort().handshakeLimit(Duration.ofSeconds(30)), volume.asExports());
        bystander = simple(server, "12");
    }

    @AfterEach void stop() throws IOException {
        assertThat(bystander.read(0, 4096)).containsOnly(0);
        bystander.close();
        volume.flushGate.countDown();
        server.close();
        log.detachAppender(appender);
    }

    private void losesTheConnection(NbdClient client, String why) throws IOException {
        assertThat(client.isClosedByServer()).isTrue();
        assertThat(warnings).singleElement().asString().contains(why);
    }

    @Test void unknown_handshake_flags() throws IOException {
        try (var client = raw(server)) {
            client.out.writeInt(0x7777);
            losesTheConnection(client, "unknown handshake flags 0x7777");
        }
    }

    @Test void an_option_without_its_magic() throws IOException {
        try (var client = greeted(server)) {
            client.out.write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            losesTheConnection(client, "option without its magic");
        }
    }

    @Test void an_option_of_four_gigabytes() throws IOException {
        try (var client = greeted(server)) {
            client.out.write(ByteBuffer.allocate(16).putLong(0x49484156454f5054L).putInt(GO).putInt(-1).array());
            losesTheConnection(client, "option of 4294967295 bytes");
        }
    }

    @Test void options_without_end() throws IOException {
        try (var client = greeted(server)) {
            for (int i = 0; i < 256; i++) client.option(LIST);
            losesTheConnection(client, "more than 256 options");
        }
    }

    @Test void a_request_without_its_magic() throws IOException {
        try (var client = simple(server, "12")) {
            client.out.write(new byte[28]);
            losesTheConnection(client, "request with magic 0x0");
        }
    }

    @Test void a_handshake_that_takes_its_time() throws IOException {
        try (var hasty = NbdServer.start(MemoryExport.anyPort().handshakeLimit(Duration.ofMillis(50)), volume.asExports());
                var client = greeted(hasty)) {
            losesTheConnection(client, "handshake took longer than PT0.05S");
        }
    }

    @Test void a_session_is_not_bound_by_the_time_of_the_handshake() throws Exception {
        var limit = Duration.ofMillis(200);
        try (var hasty = NbdServer.start(MemoryExport.anyPort().handshakeLimit(limit), volume.asExports());
                var lasting = simple(hasty, "12"); var slow = greeted(hasty)) {
            assertThat(slow.isClosedByServer()).as("a later handshake has timed out").isTrue();
            assertThat(lasting.read(0, 4096)).containsOnly(0);
        }
    }

    @Test void a_payload_that_never_comes_leaves_nothing_behind() throws IOException {
        try (var client = simple(server, "12")) {
            client.request(WRITE, 0, 1, 0, 4096, new byte[100]);
        }
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (volume.closes.get() == 0 && System.nanoTime() < deadlineNs) Thread.onSpinWait();
        assertThat(volume.closes).as("the session has ended").hasValue(1);
        assertThat(warnings).isEmpty();
        assertThat(volume.allocated.isEmpty()).isTrue();
    }

    @Test void more_connections_than_allowed() throws IOException {
        var crowd = new java.util.ArrayList<NbdClient>();
        try {
            for (int i = 1; i < NbdServer.MAX_CONNECTIONS; i++) crowd.add(greeted(server));
            try (var client = raw(server)) {
                losesTheConnection(client, "limit of 256 connections");
            }
        } finally {
            for (var client : crowd) client.close();
        }
    }

    @Test void a_revoked_session_is_dropped_at_once_and_with_its_reason() throws IOException {
        assertThat(bystander.read(0, 4096)).containsOnly(0);
        try (var client = simple(server, "12")) {
            assertThat(client.read(0, 4096)).containsOnly(0);
            volume.drops.get(1).run();
            losesTheConnection(client, "export 12 was revoked");
        }
    }

    @Test void closing_the_server_answers_what_is_in_hand_first() throws Exception {
        var own = new MemoryExport(1 << 20);
        own.flushGate = new CountDownLatch(1);
        var closing = NbdServer.start(MemoryExport.anyPort(), own.asExports());
        try (var client = simple(closing, "12")) {
            client.request(WRITE, FUA, 1, 0, 4096, new byte[4096]);
            assertThat(client.read(4096, 4096)).containsOnly(0);
            var closer = Thread.ofPlatform().start(() -> close(closing));
            assertThat(closer.join(Duration.ofMillis(100))).as("waits for the flush").isFalse();
            own.flushGate.countDown();
            assertThat(client.reply(0).error()).isZero();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(closer.join(Duration.ofSeconds(5))).isTrue();
            assertThat(own.closes).hasValue(1);
        }
    }

    @Test void closing_the_server_does_not_wait_for_a_stuck_disk_beyond_its_limit() throws IOException {
        var stuck = new MemoryExport(1 << 20);
        stuck.flushGate = new CountDownLatch(1);
        var closing = NbdServer.start(MemoryExport.anyPort().closeLimit(Duration.ofMillis(100)), stuck.asExports());
        try (var client = simple(closing, "12")) {
            client.request(FLUSH, 0, 1, 0, 0);
            assertThat(client.read(0, 4096)).containsOnly(0);
            long beganNs = System.nanoTime();
            closing.close();
            assertThat(System.nanoTime() - beganNs).isLessThan(TimeUnit.SECONDS.toNanos(3));
            assertThat(client.isClosedByServer()).isTrue();
        } finally {
            stuck.flushGate.countDown();
        }
    }

    private static void close(NbdServer server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
