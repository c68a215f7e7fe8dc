package io.dyad.cli.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.cli.history.StampedHost.Habit;
import io.dyad.cli.history.StampedHost.Place;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.VolumeBlocks;
import io.dyad.domain.EventLog.Cause;
import io.dyad.nbd.NbdOptions;
import io.dyad.nbd.NbdServer;
import io.dyad.nbd.NbdUri;
import io.dyad.nbd.VolumeExports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The two commands about histories on a served volume. */
class CheckHistoryCommandTest {
    private static final Cause ME = new Cause("test", "test");
    private static final int RANGE = 200;
    @TempDir Path dir;
    private Cluster cluster;
    private NbdServer server;
    private VolumeBlocks blocks;
    private NbdUri uri;

    private record Said(int exit, String out, String err) {
        String lastLine() { return out.lines().reduce("", (a, b) -> b); }
    }

    private static Said run(Object command, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(command).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(args);
        return new Said(exit, out.toString(), err.toString());
    }

    @BeforeEach void serve() throws IOException {
        cluster = Cluster.at(dir.resolve("c")).name("one").open();
        var account = cluster.addAccount("me", ME).id();
        var volume = cluster.createVolume(NewVolume.of("v", account, 1_000_341_504L), ME).volume().id();
        server = NbdServer.start(NbdOptions.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), new VolumeExports(cluster));
        blocks = cluster.open(volume);
        uri = NbdUri.of(server.address(), volume.value());
    }

    @AfterEach void stop() throws Exception {
        server.close();
        cluster.close();
    }

    private Path history() { return dir.resolve("history"); }

    private Said check(String... more) {
        List<String> args = new java.util.ArrayList<>(List.of("--history", history().toString(), "--nbd", uri.toString()));
        args.addAll(List.of(more));
        return run(new CheckHistoryCommand(), args.toArray(String[]::new));
    }

    private int write(int writes) throws IOException {
        try (HistoryWriter record = HistoryWriter.create(history(), 4711, RANGE, true); StampedHost host = new StampedHost(record, () -> new Place(uri, false), new Habit(32, 4, 0, 1))) {
            while (host.written() < writes && host.failures().isEmpty()) Thread.onSpinWait();
            host.stop();
            assertThat(host.failures()).isEmpty();
            return record.past().writes();
        }
    }

    @Test void what_was_written_is_a_prefix_and_the_whole() throws IOException {
        int last = write(500);
        assertThat(check()).isEqualTo(new Said(0, "prefix " + last + "\n", ""));
        assertThat(check("--complete", "--acknowledged").exit()).isZero();
    }

    @Test void an_older_state_is_a_prefix_but_not_the_whole() throws IOException {
        write(500);
        blocks.zero(0, RANGE * 4096L, true);
        assertThat(check()).isEqualTo(new Said(0, "prefix 0\n", ""));
        Said whole = check("--complete");
        assertThat(whole.exit()).isEqualTo(1);
        assertThat(whole.out()).matches("not a prefix: \\d+\n");
    }

    @Test void one_block_set_back_is_found_by_its_number() throws IOException {
        write(500);
        int block = 117;
        ByteBuffer old = ByteBuffer.allocate(4096);
        new Stamp(4711, HistoryReader.read(history()).last()[block], block).putInto(old);
        assertThat(check().exit()).isZero();
        blocks.zero(block * 4096L, 4096, true);
        Said set = check();
        assertThat(set.exit()).isEqualTo(1);
        assertThat(set.lastLine()).isEqualTo("not a prefix: " + block);
        assertThat(set.err()).startsWith("dyad check-history: block " + block + ": it holds nothing of the history, but write ");
        blocks.write(block * 4096L, old.flip(), true);
        assertThat(check().exit()).isZero();
    }

    @Test void bad_input_is_told_in_a_line() throws IOException {
        assertThat(check()).isEqualTo(new Said(2, "", "dyad check-history: there is no file " + history() + "\n"));
        write(100);
        assertThat(run(new CheckHistoryCommand(), "--history", history().toString(), "--nbd", "http://x/1").err()).contains("begins neither with nbd:// nor with nbds://");
        assertThat(run(new CheckHistoryCommand(), "--history", history().toString(), "--nbd", uri.toString().replaceFirst("/1$", "/9")))
            .isEqualTo(new Said(2, "", "dyad check-history: " + uri.toString().replaceFirst("/1$", "/9") + ": refused: no volume 9\n"));
        Files.writeString(history(), "nonsense\n");
        assertThat(check().exit()).isEqualTo(2);
    }

    @Test void write_history_records_what_check_history_reads() {
        Said wrote = run(new WriteHistoryCommand(), "--history", history().toString(), "--nbd", uri.toString(), "--seconds", "1", "--blocks", "5000");
        assertThat(wrote.exit()).as(wrote.err()).isZero();
        assertThat(wrote.lastLine()).matches("written [1-9]\\d*");
        assertThat(check("--complete", "--acknowledged").lastLine()).matches("prefix [1-9]\\d*");
        assertThat(run(new WriteHistoryCommand(), "--history", history().toString(), "--nbd", uri.toString())).isEqualTo(new Said(2, "", "dyad write-history: " + history() + " is there already\n"));
    }
}
