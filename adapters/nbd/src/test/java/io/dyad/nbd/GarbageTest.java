package io.dyad.nbd;

import static io.dyad.nbd.NbdClient.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/** Random bytes and random requests never hang, crash or damage the server. */
class GarbageTest {
    private static final int SIZE = 1 << 20;
    private static final MemoryExport VOLUME = new MemoryExport(SIZE);
    private static final NbdServer SERVER = begin();

    record Call(int type, int flags, long offset, int length) {}

    private static NbdServer begin() {
        try {
            return NbdServer.start(MemoryExport.anyPort(), VOLUME.asExports());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterContainer static void stop() throws IOException { SERVER.close(); }

    @Property(tries = 100) void garbage_in_place_of_a_handshake(@ForAll @Size(max = 300) byte[] garbage) throws IOException {
        try (var client = raw(SERVER)) {
            client.out.write(garbage);
        }
        stillServes();
    }

    @Property(tries = 100)
    void garbage_in_place_of_an_options_data(@ForAll @IntRange(min = 2, max = 12) int option,
            @ForAll @Size(max = 200) byte[] data) throws IOException {
        try (var client = greeted(SERVER)) {
            assertThat(client.option(option, data)).isNotEmpty();
        }
    }

    @Property(tries = 100) void garbage_in_place_of_a_request(@ForAll @Size(min = 28, max = 300) byte[] garbage) throws IOException {
        try (var client = simple(SERVER, "12")) {
            client.out.write(garbage);
            assertThat(client.isClosedByServer()).isTrue();
        }
        stillServes();
    }

    @Property(tries = 150)
    void every_well_framed_request_gets_exactly_one_answer(@ForAll("calls") List<Call> calls) throws IOException {
        try (var client = structured(SERVER, "12")) {
            for (int i = 0; i < calls.size(); i++) {
                var call = calls.get(i);
                var payload = call.type == WRITE ? new byte[call.length] : new byte[0];
                client.request(call.type, call.flags, i, call.offset, call.length, payload);
                var reply = client.reply(0);
                while (!reply.done()) reply = client.reply(0);
                assertThat(reply.cookie()).isEqualTo(i);
            }
            assertThat(client.read(0, 4096)).hasSize(4096);
        }
    }

    @Provide Arbitrary<List<Call>> calls() {
        var offsets = Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(0, SIZE / 4096 + 1).map(b -> b * 4096),
                Arbitraries.longs().between(-1, SIZE + 1));
        var lengths = Arbitraries.oneOf(Arbitraries.integers().between(0, 40).map(b -> b * 4096),
                Arbitraries.integers().between(0, 100_000));
        var types = Arbitraries.integers().between(0, 70_000).filter(t -> t != DISC);
        var likely = Arbitraries.of(READ, WRITE, FLUSH, TRIM, ZEROES, STATUS, 5);
        return Combinators.combine(Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, likely), net.jqwik.api.Tuple.of(1, types)),
                Arbitraries.of(0, FUA, NO_HOLE, DF, REQ_ONE, FAST_ZERO, FUA | NO_HOLE, 1 << 14), offsets, lengths)
                .as((type, flags, offset, length) -> new Call(type & 0xffff, flags, offset, length)).filter(c -> c.type != DISC)
                .list().ofMaxSize(12);
    }

    private static void stillServes() throws IOException {
        try (var client = simple(SERVER, "12")) {
            assertThat(client.read(0, 4096)).hasSize(4096);
        }
    }
}
