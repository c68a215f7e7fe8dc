package io.dyad.nbd;

import static io.dyad.nbd.NbdClient.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    private static final int SIZE = 40 << 20, EPERM = 1, EIO = 5, EINVAL = 22, ENOSPC = 28, EOVERFLOW = 75, ENOTSUP = 95;
    private final MemoryExport volume = new MemoryExport(SIZE);
    private NbdServer server;

    @BeforeEach void start() throws IOException { server = NbdServer.start(MemoryExport.anyPort(), volume.asExports()); }

    @AfterEach void stop() throws IOException {
        volume.flushGate.countDown();
        server.close();
    }

    @ParameterizedTest @ValueSource(ints = {4096, 65536, 262144, 262144 + 4096, 1 << 20, 32 << 20})
    void what_was_written_is_read_back_by_both_kinds_of_reply(int length) throws IOException {
        byte[] data = random(length);
        try (var simple = simple(server, "12"); var structured = structured(server, "12")) {
            assertThat(simple.errorOf(WRITE, 0, 8192, length, data)).isZero();
            assertThat(Arrays.copyOfRange(volume.content, 8192, 8192 + length)).isEqualTo(data);
            assertThat(simple.read(8192, length)).isEqualTo(data);
            assertThat(structured.read(8192, length)).isEqualTo(data);
            assertThat(simple.read(0, 4096)).containsOnly(0);
        }
    }

    @Test void pieces_of_a_large_payload_end_on_whole_blocks() throws IOException {
        volume.minimumBlockBytes = 512;
        byte[] data = random(3 << 20);
        try (var client = simple(server, "12")) {
            assertThat(client.errorOf(WRITE, 0, 512, data.length, data)).isZero();
            assertThat(client.read(512, data.length)).isEqualTo(data);
            assertThat(volume.pieceStarts).hasSizeGreaterThan(1).filteredOn(at -> at != 512).allMatch(at -> at % 4096 == 0);
        }
    }

    @Test void many_requests_in_one_segment_are_all_answered() throws IOException {
        try (var client = simple(server, "12")) {
            for (int i = 0; i < 200; i++) client.request(WRITE, 0, i, i * 4096L, 4096, filled((byte) i));
            for (int i = 0; i < 200; i++) assertThat(client.reply(0).cookie()).isEqualTo(i);
            assertThat(client.read(199 * 4096, 4096)).containsOnly((byte) 199);
        }
    }

    @Test void trim_and_write_zeroes_make_holes_and_no_hole_does_not() throws IOException {
        Arrays.fill(volume.content, (byte) 1);
        volume.allocated.set(0, SIZE / 4096);
        try (var client = simple(server, "12")) {
            assertThat(client.errorOf(TRIM, 0, 0, 4096)).isZero();
            assertThat(client.errorOf(ZEROES, 0, 4096, 4096)).isZero();
            assertThat(client.errorOf(ZEROES, FAST_ZERO, 8192, 4096)).isZero();
            assertThat(client.errorOf(ZEROES, NO_HOLE, 12288, 1 << 20)).isZero();
            assertThat(client.read(0, 12288 + (1 << 20))).containsOnly(0);
            assertThat(volume.allocated.nextSetBit(0)).isEqualTo(3);
            assertThat(volume.allocated.nextClearBit(3)).isEqualTo(SIZE / 4096);
        }
    }

    @Test void zeroing_is_not_bound_to_the_payload_limit_but_writing_zeroes_is() throws IOException {
        try (var client = simple(server, "12")) {
            assertThat(client.errorOf(ZEROES, 0, 0, SIZE)).isZero();
            assertThat(client.errorOf(TRIM, 0, 0, SIZE)).isZero();
            assertThat(client.errorOf(ZEROES, NO_HOLE, 0, SIZE)).isEqualTo(EOVERFLOW);
            assertThat(client.errorOf(ZEROES, NO_HOLE | FAST_ZERO, 0, 4096)).isEqualTo(ENOTSUP);
        }
    }

    @Test void every_misfit_has_its_error_and_the_session_survives_it() throws IOException {
        try (var client = simple(server, "12")) {
            assertThat(client.errorOf(WRITE, 0, SIZE, 4096, new byte[4096])).isEqualTo(ENOSPC);
            assertThat(client.errorOf(ZEROES, 0, SIZE - 4096, 8192)).isEqualTo(ENOSPC);
            assertThat(client.errorOf(READ, 0, SIZE - 4096, 8192)).isEqualTo(EINVAL);
            assertThat(client.errorOf(TRIM, 0, SIZE, 4096)).isEqualTo(EINVAL);
            assertThat(client.errorOf(READ, 0, Long.MIN_VALUE, 4096)).isEqualTo(EINVAL);
            assertThat(client.errorOf(READ, 0, Long.MAX_VALUE - 4095, 4096)).isEqualTo(EINVAL);
            assertThat(client.errorOf(READ, 0, 0, SIZE)).isEqualTo(EOVERFLOW);
            assertThat(client.errorOf(WRITE, 0, 0, 33 << 20, new byte[33 << 20])).isEqualTo(EINVAL);
            assertThat(client.errorOf(WRITE, 0, 512, 4096, new byte[4096])).isEqualTo(EINVAL);
            assertThat(client.errorOf(READ, 0, 0, 512)).isEqualTo(EINVAL);
            assertThat(client.errorOf(READ, 0, 0, 0)).isEqualTo(EINVAL);
            assertThat(client.errorOf(READ, DF, 0, 4096)).as("DF without structured replies").isEqualTo(EINVAL);
            assertThat(client.errorOf(WRITE, 1 << 9, 0, 4096, new byte[4096])).isEqualTo(EINVAL);
            assertThat(client.errorOf(STATUS, 0, 0, 4096)).isEqualTo(EINVAL);
            assertThat(client.errorOf(99, 0, 0, 0)).isEqualTo(EINVAL);
            assertThat(client.read(0, 4096)).containsOnly(0);
        }
    }

    @Test void a_read_only_export_reads_and_refuses_every_change() throws IOException {
        volume.readOnly = true;
        try (var client = simple(server, "12")) {
            assertThat(client.errorOf(WRITE, 0, 0, 4096, filled((byte) 1))).isEqualTo(EPERM);
            assertThat(client.errorOf(TRIM, 0, 0, 4096)).isEqualTo(EPERM);
            assertThat(client.errorOf(ZEROES, 0, 0, 4096)).isEqualTo(EPERM);
            assertThat(client.errorOf(FLUSH, 0, 0, 0)).isZero();
            assertThat(client.read(0, 4096)).containsOnly(0);
        }
    }

    @Test void a_read_that_must_not_be_fragmented_comes_in_one_chunk_or_not_at_all() throws IOException {
        try (var client = structured(server, "12")) {
            client.request(READ, DF, 1, 0, 256 << 10);
            var reply = client.reply(0);
            assertThat(reply.done()).isTrue();
            assertThat(reply.data()).hasSize(8 + (256 << 10));
            client.request(READ, DF, 2, 0, 1 << 20);
            assertThat(client.reply(0).error()).isEqualTo(EOVERFLOW);
        }
    }

    @Test void block_status_joins_neighbours_and_tells_holes_from_data() throws IOException {
        volume.allocated.set(2, 5);
        try (var client = structured(server, "12")) {
            client.request(STATUS, 0, 1, 4096, 1 << 20);
            var all = client.reply(0);
            assertThat(all.chunk()).isEqualTo(5);
            assertThat(ints(all)).containsExactly(1, 4096, 3, 3 * 4096, 0, (1 << 20) - 4 * 4096, 3);
            client.request(STATUS, REQ_ONE, 2, 4096, 1 << 20);
            assertThat(ints(client.reply(0))).containsExactly(1, 4096, 3);
            client.request(STATUS, 0, 3, SIZE, 4096);
            assertThat(client.reply(0).error()).isEqualTo(EINVAL);
        }
    }

    @Test void a_scattered_volume_is_told_in_a_bounded_answer() throws IOException {
        for (int block = 0; block < SIZE / 4096; block += 2) volume.allocated.set(block);
        try (var client = structured(server, "12")) {
            client.request(STATUS, 0, 1, 0, SIZE);
            assertThat(ints(client.reply(0))).hasSize(1 + 2 * 2048).endsWith(4096, 3);
        }
    }

    @ParameterizedTest @ValueSource(ints = {WRITE, TRIM, ZEROES})
    void fua_is_answered_only_after_a_flush_and_nothing_else_waits_for_it(int type) throws IOException {
        volume.flushGate = new CountDownLatch(1);
        try (var client = simple(server, "12")) {
            client.request(type, FUA, 1, 0, 4096, type == WRITE ? filled((byte) 9) : new byte[0]);
            client.request(FLUSH, 0, 2, 0, 0);
            assertThat(client.read(4096, 4096)).as("a read passes the waiting flush").containsOnly(0);
            assertThat(volume.flushes).hasValue(0);
            volume.flushGate.countDown();
            assertThat(Set.of(client.reply(0).cookie(), client.reply(0).cookie())).containsExactlyInAnyOrder(1L, 2L);
            assertThat(volume.flushes.get()).isPositive();
            assertThat(volume.unflushed).hasValue(0);
        }
    }

    @Test void more_durable_writes_than_may_wait_are_all_answered_and_share_flushes() throws Exception {
        volume.flushGate = new CountDownLatch(1);
        int count = 3 * AnswerQueue.CAPACITY;
        try (var client = simple(server, "12")) {
            for (int i = 0; i < count; i++) {
                client.request(WRITE, FUA, i, 0, 4096, filled((byte) i));
                if (i == AnswerQueue.CAPACITY / 2) volume.flushGate.countDown();
            }
            var answered = new HashSet<Long>();
            for (int i = 0; i < count; i++) {
                var reply = client.reply(0);
                assertThat(reply.error()).isZero();
                answered.add(reply.cookie());
            }
            assertThat(answered).hasSize(count);
            assertThat(volume.unflushed).hasValue(0);
            assertThat(volume.flushes.get()).isLessThan(count / 2);
        }
    }

    @Test void a_flush_on_one_connection_covers_the_writes_of_another() throws IOException {
        try (var one = simple(server, "12"); var other = simple(server, "12")) {
            assertThat(one.errorOf(WRITE, 0, 0, 4096, filled((byte) 1))).isZero();
            assertThat(other.errorOf(FLUSH, 0, 0, 0)).isZero();
            assertThat(volume.unflushed).hasValue(0);
        }
    }

    @ParameterizedTest @EnumSource(NbdError.class)
    void an_export_chooses_the_error_the_host_sees(NbdError error) throws IOException {
        fail(new NbdException(error, "in words"), 0);
        int code = switch (error) {
            case EPERM -> 1; case EIO -> 5; case ENOMEM -> 12; case EINVAL -> 22;
            case ENOSPC -> 28; case EOVERFLOW -> 75; case ENOTSUP -> 95; case ESHUTDOWN -> 108;
        };
        try (var simple = simple(server, "12"); var structured = structured(server, "12")) {
            assertThat(simple.errorOf(WRITE, 0, 0, 1 << 20, random(1 << 20))).isEqualTo(code);
            assertThat(simple.errorOf(WRITE, FUA, 0, 4096, new byte[4096])).isEqualTo(code);
            assertThat(simple.errorOf(TRIM, 0, 0, 4096)).isEqualTo(code);
            assertThat(simple.errorOf(FLUSH, 0, 0, 0)).isEqualTo(code);
            assertThat(simple.errorOf(READ, 0, 0, 4096)).isEqualTo(code);
            structured.request(READ, 0, 1, 0, 4096);
            var reply = structured.reply(0);
            assertThat(reply.error()).isEqualTo(code);
            assertThat(new String(reply.data(), 6, reply.data().length - 6)).isEqualTo("in words");
        }
    }

    @Test void any_other_failure_is_an_io_error() throws IOException {
        fail(new IOException("disk on fire"), 0);
        try (var client = simple(server, "12")) {
            assertThat(client.errorOf(READ, 0, 0, 4096)).isEqualTo(EIO);
        }
    }

    @Test void a_read_that_fails_midway_ends_in_an_error_chunk_or_the_end_of_the_connection() throws IOException {
        fail(new IOException("bad block"), 512 << 10);
        try (var structured = structured(server, "12"); var simple = simple(server, "12")) {
            structured.request(READ, 0, 1, 0, 1 << 20);
            var last = structured.reply(0);
            while (!last.done()) last = structured.reply(0);
            assertThat(last.error()).isEqualTo(EIO);
            assertThat(structured.read(0, 4096)).containsOnly(0);
            simple.request(READ, 0, 1, 0, 1 << 20);
            assertThat(simple.reply(1 << 20).data()).as("what came before the failure").hasSize(512 << 10);
            assertThat(simple.isClosedByServer()).isTrue();
        }
    }

    @Test void disconnecting_answers_what_is_in_hand_and_closes_the_export_once() throws IOException {
        try (var client = simple(server, "12")) {
            client.request(WRITE, FUA, 1, 0, 4096, filled((byte) 3));
            client.request(DISC, 0, 2, 0, 0);
            assertThat(client.reply(0).cookie()).isEqualTo(1);
            assertThat(client.isClosedByServer()).isTrue();
        }
        server.close();
        assertThat(volume.closes).hasValue(1);
    }

    private void fail(IOException how, long fromBytes) {
        volume.failAtBytes = fromBytes;
        volume.failure = how;
    }

    private static int[] ints(Reply reply) {
        var ints = new int[reply.data().length / 4];
        reply.buffer().asIntBuffer().get(ints);
        return ints;
    }

    private static byte[] filled(byte value) {
        var data = new byte[4096];
        Arrays.fill(data, value);
        return data;
    }

    private static byte[] random(int length) {
        var data = new byte[length];
        new Random(length).nextBytes(data);
        return data;
    }
}
