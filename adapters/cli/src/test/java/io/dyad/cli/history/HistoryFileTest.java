package io.dyad.cli.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The history as a file: what is written is read again, and what makes no sense is refused with its line. */
class HistoryFileTest {
    private static final long ID = 0x0123456789abcdefL;
    @TempDir Path dir;

    private Path file() { return dir.resolve("history"); }

    @Test void what_the_host_recorded_is_read_again() throws IOException {
        try (HistoryWriter writer = HistoryWriter.create(file(), ID, 100, true)) {
            writer.issue(3, 2, false);
            writer.issue(7, 1, true);
            writer.done(1);
            writer.flush(1);
            writer.done(2);
            writer.flushed(1);
            writer.issue(0, 1, false);
            writer.lost();
            writer.looked(false, Map.of(0, 0));
        }
        History read = HistoryReader.read(file());
        assertThat(read.writes()).isEqualTo(3);
        assertThat(read.isFlushed(1)).as("flushed").isTrue();
        assertThat(read.isFlushed(2)).as("written through").isTrue();
        assertThat(read.doneAt(3)).isZero();
        assertThat(read.touched.stream().toArray()).containsExactly(0, 3, 4, 7);
        assertThat(read.last()).startsWith(0, 0, 0, 1, 1, 0, 0, 2);
        assertThat(read.idOf(3)).isEqualTo(ID);
    }

    @Test void a_flush_covers_what_was_done_before_it_left_and_nothing_of_an_earlier_connection() throws IOException {
        try (HistoryWriter writer = HistoryWriter.create(file(), ID, 10, true)) {
            writer.issue(0, 1, false);
            writer.done(1);
            writer.lost();
            writer.looked(false, Map.of());
            writer.issue(1, 1, false);
            writer.done(2);
            writer.flush(1);
            writer.issue(2, 1, false);
            writer.done(3);
            writer.flushed(1);
        }
        History read = HistoryReader.read(file());
        assertThat(read.isFlushed(1)).as("done on the earlier connection").isFalse();
        assertThat(read.isFlushed(2)).as("done before").isTrue();
        assertThat(read.isFlushed(3)).as("done after the flush left").isFalse();
    }

    @Test void a_host_that_was_killed_leaves_a_whole_file_and_may_go_on() throws IOException {
        try (HistoryWriter writer = HistoryWriter.create(file(), ID, 10, true)) {
            writer.issue(0, 1, false);
            writer.done(1);
        }
        Files.writeString(file(), "write 2 1 1", StandardOpenOption.APPEND);
        assertThat(HistoryReader.read(file()).writes()).isEqualTo(1);
        try (HistoryWriter writer = HistoryWriter.resume(file(), 7)) {
            assertThat(writer.issue(5, 1, false)).isEqualTo(2);
        }
        History read = HistoryReader.read(file());
        assertThat(read.idOf(1)).isEqualTo(ID);
        assertThat(read.idOf(2)).isEqualTo(7);
        assertThat(read.firstOf(2)).isEqualTo(5);
    }

    @ParameterizedTest @CsvSource(delimiter = '|', textBlock = """
        hello                                                        | line 1: it is no history
        dyad-history 2 blocks 8 start zero                           | line 1: its format is 2
        dyad-history 1 blocks 0 start zero                           | line 1: it has no blocks
        dyad-history 1 blocks 8 start zero; write 2 0 1 0            | line 2: write 2 comes after write 0
        dyad-history 1 blocks 8 start zero; write 1 7 2 0            | line 2: write 1 leaves the 8 blocks
        dyad-history 1 blocks 8 start zero; write 1 7                | line 2: a number is missing
        dyad-history 1 blocks 8 start zero; done 1 0                 | line 2: there is no write 1
        dyad-history 1 blocks 8 start zero; write 1 0 1 0; done 1 0; done 1 0  | line 4: write 1 is done without being in flight
        dyad-history 1 blocks 8 start zero; flushed 1 0              | line 2: flush 1 is answered without being in flight
        dyad-history 1 blocks 8 start zero; write 1 0 1 0; looked 0  | line 3: the host looks while writes are in flight
        dyad-history 1 blocks 8 start zero; looked 0; seen 1         | line 3: a look says it found 1 other blocks and names 0
        dyad-history 1 blocks 8 start zero; looked 0; holds 3 0; seen 1  | line 3: block 3 was never written
        dyad-history 1 blocks 8 start zero; write 1 0 3 0; write 2 2 1 0  | line 3: write 2 touches block 2 while write 1 is in flight there
        dyad-history 1 blocks 8 start zero; wrote 1                  | line 2: nobody knows the word wrote
        """)
    void what_makes_no_sense_is_refused_with_its_line(String lines, String why) throws IOException {
        Files.writeString(file(), lines.strip().replace("; ", "\n") + "\n");
        assertThatThrownBy(() -> HistoryReader.read(file())).isInstanceOf(HistoryReader.BadHistoryException.class).hasMessageContaining(why.strip());
    }

    @Test void a_block_names_its_write_and_nothing_else_does() throws IOException {
        History history = new History(8, true);
        history.stampsWith(ID);
        history.issued(1, 2, 2, false);
        assertThat(judged(history, new Stamp(ID, 1, 2), 4096)).isEqualTo("1");
        assertThat(judged(history, new Stamp(ID, 1, 3), 4096)).as("of another block").contains("parts of write 1");
        assertThat(judged(history, new Stamp(ID, 2, 2), 4096)).as("never issued").contains("does not know");
        assertThat(judged(history, new Stamp(5, 1, 2), 4096)).as("of another history").contains("neither zeroes nor");
        assertThat(judged(history, new Stamp(ID, 1, 2), 512)).as("its beginning").contains("parts of write 1");
        assertThat(judged(history, new Stamp(ID, 1, 2), 0)).isEqualTo("0");
    }

    /** What is said of block 2 that holds so many bytes of a stamp. */
    private static String judged(History history, Stamp stamp, int bytes) throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(4096);
        stamp.putInto(whole);
        Finding found = Finding.read(history, (offset, into) -> {
            int at = into.position();
            if (offset == 8192) into.put(whole.array(), 0, bytes);
            into.position(at + into.limit() - at);
        });
        return found.torn().filter(t -> t.block() == 2).map(Judge.Misfit::why).orElse(Integer.toString(found.seen()[2]));
    }

    @Test void a_fork_has_the_same_past_and_writes_of_its_own() throws IOException {
        try (HistoryWriter one = HistoryWriter.create(file(), ID, 8, true)) {
            one.issue(0, 1, false);
            one.done(1);
            try (HistoryWriter other = one.fork(dir.resolve("other"), 9)) {
                assertThat(one.issue(1, 1, false)).isEqualTo(other.issue(2, 1, false)).isEqualTo(2);
            }
        }
        History one = HistoryReader.read(file());
        History other = HistoryReader.read(dir.resolve("other"));
        assertThat(new TreeMap<>(Map.of("one", one.idOf(2), "other", other.idOf(2), "shared", other.idOf(1)))).isEqualTo(Map.of("one", ID, "other", 9L, "shared", ID));
    }
}
