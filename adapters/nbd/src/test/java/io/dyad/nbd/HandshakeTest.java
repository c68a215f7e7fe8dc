package io.dyad.nbd;

import static io.dyad.nbd.NbdClient.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandshakeTest {
    private static final int UNSUP = 0x80000001, POLICY = 0x80000002, INVALID = 0x80000003, TLS_REQD = 0x80000005,
            UNKNOWN = 0x80000006, TOO_BIG = 0x80000009;
    private final MemoryExport volume = new MemoryExport(1 << 20);
    private NbdServer server;

    @BeforeEach void start() throws IOException { server = NbdServer.start(MemoryExport.anyPort(), volume.asExports()); }

    @AfterEach void stop() throws IOException { server.close(); }

    @Test void a_list_names_every_export() throws IOException {
        try (var client = greeted(server)) {
            assertThat(client.option(LIST)).extracting(OptionReply::text)
                    .containsExactly("\0\0\0\00212", "\0\0\0\6twelve", "");
            assertThat(client.option(LIST, (byte) 1).getLast().type()).isEqualTo(INVALID);
        }
    }

    @Test void info_tells_size_flags_and_block_sizes_and_leaves_the_client_in_the_handshake() throws IOException {
        try (var client = greeted(server)) {
            var replies = client.option(INFO, infoRequest("12", 1, 3));
            var export = replies.get(0).buffer();
            assertThat(export.getShort()).isZero();
            assertThat(export.getLong()).isEqualTo(1 << 20);
            assertThat(export.getShort()).as("flush, FUA, trim, zeroes, multi-conn, fast zero").isEqualTo((short) 0b1001_0110_1101);
            var sizes = replies.get(1).buffer();
            assertThat(sizes.getShort()).isEqualTo((short) 3);
            assertThat(new int[] {sizes.getInt(), sizes.getInt(), sizes.getInt()}).containsExactly(4096, 4096, 32 << 20);
            assertThat(replies.get(2).text()).isEqualTo("\0\00112");
            assertThat(client.option(LIST).getLast().type()).isEqualTo(1);
            assertThat(volume.closes).hasValue(1);
        }
    }

    @Test void the_minimum_block_comes_from_the_export() throws IOException {
        volume.minimumBlockBytes = 512;
        try (var client = greeted(server)) {
            assertThat(client.option(INFO, infoRequest("12")).get(1).buffer().getInt(2)).isEqualTo(512);
        }
    }

    @Test void a_read_only_export_says_so_and_offers_no_changes() throws IOException {
        volume.readOnly = true;
        try (var client = greeted(server)) {
            assertThat(client.option(INFO, infoRequest("12")).get(0).buffer().getShort(10)).isEqualTo((short) 0b1_0000_1111);
        }
    }

    @Test void fragments_may_be_forbidden_once_replies_are_structured() throws IOException {
        try (var client = greeted(server)) {
            client.option(STRUCTURED);
            assertThat(client.option(INFO, infoRequest("12")).get(0).buffer().getShort(10) & 1 << 7).isNotZero();
        }
    }

    @Test void a_refused_export_is_policy_and_an_absent_one_unknown_both_in_words() throws IOException {
        try (var client = greeted(server)) {
            for (int option : new int[] {GO, INFO}) {
                var refused = client.option(option, infoRequest("locked"));
                assertThat(refused).hasSize(1);
                assertThat(refused.getLast().type()).isEqualTo(POLICY);
                assertThat(refused.getLast().text()).isEqualTo("volume 13 is locked");
                var unknown = client.option(option, infoRequest("99")).getLast();
                assertThat(unknown.type()).isEqualTo(UNKNOWN);
                assertThat(unknown.text()).isEqualTo("no volume 99");
            }
            assertThat(client.option(GO, infoRequest("12")).getLast().type()).isEqualTo(1);
        }
    }

    @Test void malformed_options_are_answered_and_the_handshake_goes_on() throws IOException {
        try (var client = greeted(server)) {
            assertThat(client.option(GO).getLast().type()).isEqualTo(INVALID);
            assertThat(client.option(GO, (byte) 0x7f, (byte) -1, (byte) -1, (byte) -1, (byte) 0).getLast().type()).isEqualTo(INVALID);
            assertThat(client.option(GO, infoRequest("a\nb")).getLast().type()).isEqualTo(INVALID);
            assertThat(client.option(GO, infoRequest("x".repeat(5000))).getLast().type()).isEqualTo(TOO_BIG);
            assertThat(client.option(4242, new byte[1000]).getLast().type()).isEqualTo(UNSUP);
            assertThat(client.option(STARTTLS).getLast().type()).isEqualTo(UNSUP);
            assertThat(client.option(GO, infoRequest("12")).getLast().type()).isEqualTo(1);
        }
    }

    @Test void meta_contexts_need_structured_replies() throws IOException {
        try (var client = greeted(server)) {
            assertThat(client.option(SET_META, metaQuery("12", "base:allocation")).getLast().type()).isEqualTo(INVALID);
            client.option(STRUCTURED);
            assertThat(client.option(SET_META, metaQuery("12", "base:allocation"))).first()
                    .extracting(OptionReply::text).isEqualTo("\0\0\0\1base:allocation");
        }
    }

    @Test void listing_meta_contexts_knows_wildcards_and_setting_does_not() throws IOException {
        try (var client = greeted(server)) {
            client.option(STRUCTURED);
            assertThat(client.option(LIST_META, metaQuery("12"))).hasSize(2);
            assertThat(client.option(LIST_META, metaQuery("12", "base:"))).hasSize(2);
            assertThat(client.option(LIST_META, metaQuery("12", "x-other:thing"))).hasSize(1);
            assertThat(client.option(SET_META, metaQuery("12", "base:"))).hasSize(1);
            assertThat(client.option(SET_META, metaQuery("99", "base:allocation")).getLast().type()).isEqualTo(UNKNOWN);
            assertThat(client.option(SET_META, metaQuery("locked", "base:allocation")).getLast().type()).isEqualTo(POLICY);
        }
    }

    @Test void the_classic_export_name_enters_without_a_reply_header() throws IOException {
        try (var client = greeted(server)) {
            client.sendOption(1, "12".getBytes(StandardCharsets.UTF_8));
            assertThat(client.in.readLong()).isEqualTo(1 << 20);
            assertThat(client.in.readUnsignedShort() & 1).isOne();
            assertThat(client.read(0, 4096)).containsOnly(0);
        }
        try (var client = greeted(server)) {
            client.sendOption(1, "locked".getBytes(StandardCharsets.UTF_8));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test void abort_is_acknowledged_and_ends_the_connection() throws IOException {
        try (var client = greeted(server)) {
            assertThat(client.option(ABORT).getLast().type()).isEqualTo(1);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test void a_server_with_a_certificate_answers_nothing_before_tls(@TempDir Path dir) throws Exception {
        var identity = TestIdentity.make(dir);
        try (var secure = NbdServer.start(MemoryExport.anyPort().tls(identity.context()), volume.asExports());
                var client = greeted(secure)) {
            for (int option : new int[] {LIST, GO, INFO, STRUCTURED})
                assertThat(client.option(option, infoRequest("12")).getLast().type()).isEqualTo(TLS_REQD);
            client.startTls(identity.context());
            assertThat(client.option(STARTTLS).getLast().type()).isEqualTo(INVALID);
            client.option(STRUCTURED);
            assertThat(client.option(GO, infoRequest("12")).getLast().type()).isEqualTo(1);
            var data = new byte[1 << 20];
            new java.util.Random(3).nextBytes(data);
            assertThat(client.errorOf(WRITE, FUA, 0, data.length, data)).isZero();
            assertThat(client.read(0, data.length)).isEqualTo(data);
            client.request(DISC, 0, 0, 0, 0);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test void bytes_smuggled_behind_the_start_of_tls_end_the_connection(@TempDir Path dir) throws Exception {
        try (var secure = NbdServer.start(MemoryExport.anyPort().tls(TestIdentity.make(dir).context()), volume.asExports());
                var client = greeted(secure)) {
            client.out.write(java.nio.ByteBuffer.allocate(32).putLong(0x49484156454f5054L).putInt(STARTTLS).putInt(0)
                    .putLong(0x49484156454f5054L).putInt(LIST).putInt(0).array());
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test void off_loopback_it_starts_only_with_tls_or_explicitly() throws Exception {
        var everywhere = NbdOptions.on(new InetSocketAddress("0.0.0.0", 0));
        assertThatThrownBy(() -> NbdServer.start(everywhere, volume.asExports()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("in clear");
        var elsewhere = NbdOptions.on(new InetSocketAddress("192.0.2.1", 0));       // an address no machine has
        assertThatThrownBy(() -> NbdServer.start(elsewhere.insecure(true), volume.asExports())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> NbdServer.start(elsewhere.tls(javax.net.ssl.SSLContext.getDefault()), volume.asExports()))
                .isInstanceOf(IOException.class);
    }
}
