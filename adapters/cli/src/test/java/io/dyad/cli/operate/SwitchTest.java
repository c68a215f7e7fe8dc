package io.dyad.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a failover does in each situation, and when it wants to know more. */
class SwitchTest {
    private static End end(String label, String access, String state) {
        ApiClient nowhere = new ApiClient(URI.create("https://127.0.0.1:1/"), Trust.inAny(), new Credentials("u", "p"));
        return new End(label, nowhere, label.equals("a") ? "east" : "west", label.equals("a") ? 7 : 3, access, state, "", "uuid", label.equals("a") ? OptionalLong.of(8193) : OptionalLong.of(4096));
    }

    private static String said(Ends ends, String to, boolean unplanned) {
        try {
            Switch s = Switch.of(ends, new Switch.Asked(to.equals("-") ? Optional.empty() : Optional.of(to), unplanned));
            return s.kind() + " " + s.source().label();
        } catch (Switch.Refused e) {
            return "refused: " + e.getMessage();
        }
    }

    @ParameterizedTest @CsvSource({
        "readWrite,         replicationTarget, Active,             -, false, PLANNED b",
        "replicationTarget, readWrite,         Active,             -, false, PLANNED a",
        "readWrite,         replicationTarget, ResumingDataTransfer, b, false, PLANNED b",
        "readWrite,         replicationTarget, Active,             a, false, NOTHING a",
        "readWrite,         replicationTarget, PausedDisconnected, -, false, 'refused: the pair is PausedDisconnected, so nothing can be drained'",
        "readWrite,         replicationTarget, PausedManual,       -, false, 'refused: the pair is PausedManual'",
        "readWrite,         replicationTarget, PausedDisconnected, -, true,  UNPLANNED b",
        "readWrite,         readOnly,          PausedMisconfigured, -, false, 'refused: west volume 3 has access readOnly'",
        "readWrite,         readOnly,          PausedMisconfigured, a, false, 'refused: west volume 3 has access readOnly: make it'",
        "readWrite,         readWrite,         PausedMisconfigured, -, false, 'refused: split brain: hosts may write to both ends. Name the one'",
        "readWrite,         readWrite,         PausedMisconfigured, b, false, CHOSEN b",
        "replicationTarget, replicationTarget, PausedMisconfigured, -, false, 'refused: no end is readWrite. Name the one'",
        "replicationTarget, replicationTarget, PausedMisconfigured, a, false, CHOSEN a"})
    void both_answer(String accessA, String accessB, String state, String to, boolean unplanned, String expected) {
        Ends ends = new Ends(Optional.of(end("a", accessA, state)), Optional.of(end("b", accessB, state)), "");
        assertThat(said(ends, to, unplanned)).startsWith(expected);
    }

    @ParameterizedTest @CsvSource({
        "replicationTarget, -, UNPLANNED b",
        "replicationTarget, a, 'refused: the end that shall become the source does not answer: no route'",
        "readWrite,         -, NOTHING b",
        "readOnly,          -, 'refused: west volume 3 has access readOnly'"})
    void only_b_answers(String access, String to, String expected) {
        assertThat(said(new Ends(Optional.empty(), Optional.of(end("b", access, "PausedDisconnected")), "no route"), to, false)).startsWith(expected);
    }

    @Test void the_three_lines_say_direction_blocks_and_bytes() throws Switch.Refused {
        Switch planned = Switch.of(new Ends(Optional.of(end("a", "readWrite", "Active")), Optional.of(end("b", "replicationTarget", "Active")), ""), new Switch.Asked(Optional.empty(), false));
        assertThat(planned.direction()).isEqualTo("direction b -> a (west volume 3 -> east volume 7)");
        assertThat(planned.blocks() + ", " + planned.bytesLine()).isEqualTo("blocks 3, bytes 8193");
        Switch alone = Switch.of(new Ends(Optional.empty(), Optional.of(end("b", "replicationTarget", "PausedDisconnected")), "no route"), new Switch.Asked(Optional.empty(), false));
        assertThat(alone.direction()).isEqualTo("direction b -> a (west volume 3 -> nobody yet)");
        assertThat(alone.blocks() + ", " + alone.bytesLine()).isEqualTo("blocks unknown, bytes unknown");
    }

    @Test void out_of_a_split_brain_both_ends_blocks_are_counted() throws Switch.Refused {
        Switch chosen = Switch.of(new Ends(Optional.of(end("a", "readWrite", "PausedMisconfigured")), Optional.of(end("b", "readWrite", "PausedMisconfigured")), ""), new Switch.Asked(Optional.of("b"), false));
        assertThat(chosen.bytesLine()).isEqualTo("bytes 12289");
        assertThat(chosen.words()).contains("east volume 7 follows it, and its own blocks are kept there first, in a snapshot dyad-before-resync-");
    }
}
