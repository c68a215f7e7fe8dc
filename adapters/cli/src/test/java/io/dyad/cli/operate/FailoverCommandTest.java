package io.dyad.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.cli.operate.TwoServedClusters.Said;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on two real clusters: planned, back, with one end gone, and out of the split brain that follows. */
class FailoverCommandTest {
    @TempDir Path dir;

    @Test void planned_unplanned_and_out_of_a_split_brain() throws Exception {
        try (TwoServedClusters pair = new TwoServedClusters(dir)) {
            pair.cluster("a").open(pair.volume("a")).write(0, ByteBuffer.wrap("hello".getBytes()), true);

            Said dry = pair.run(FailoverCommand.class, "--dry-run");
            assertThat(dry.exit()).as(dry.err()).isZero();
            assertThat(dry.out()).matches("direction b -> a \\(west volume 2 -> east volume 1\\)\nblocks (\\d+|unknown)\nbytes (\\d+|unknown)\n");
            assertThat(dry.err()).startsWith("planned: ");
            assertThat(pair.access("a")).isEqualTo("readWrite");

            Said planned = pair.run(FailoverCommand.class);
            assertThat(planned.exit()).as(planned.err()).isZero();
            assertThat(pair.access("a") + " " + pair.access("b")).isEqualTo("replicationTarget readWrite");
            assertThat(pair.state("b")).isEqualTo("Active");
            ByteBuffer read = ByteBuffer.allocate(5);
            pair.cluster("b").open(pair.volume("b")).read(0, read);
            assertThat(new String(read.array())).isEqualTo("hello");

            assertThat(pair.run(FailoverCommand.class, "--to", "a").exit()).as("back").isZero();
            assertThat(pair.access("a") + " " + pair.access("b")).isEqualTo("readWrite replicationTarget");
            assertThat(pair.run(FailoverCommand.class, "--to", "a").err()).startsWith("east volume 1 is the source already");

            pair.close("a");
            Said alone = pair.run(FailoverCommand.class);
            assertThat(alone.exit()).as(alone.err()).isZero();
            assertThat(alone.out()).startsWith("direction b -> a (west volume 2 -> nobody yet)\nblocks ");
            assertThat(alone.err()).startsWith("unplanned: the other end does not answer");
            assertThat(pair.access("b")).isEqualTo("readWrite");

            pair.open("a");
            Said split = pair.run(FailoverCommand.class);
            assertThat(split.exit()).isEqualTo(2);
            assertThat(split.err()).startsWith("dyad failover: split brain: hosts may write to both ends. Name the one whose content is wanted: --to a keeps that of east volume 1");
            Said chosen = pair.run(FailoverCommand.class, "--to", "b");
            assertThat(chosen.exit()).as(chosen.err()).isZero();
            assertThat(pair.access("a") + " " + pair.access("b") + " " + pair.state("a")).isEqualTo("replicationTarget readWrite Active");
        }
    }

    @Test void what_cannot_be_is_told_in_a_line() throws Exception {
        try (TwoServedClusters pair = new TwoServedClusters(dir)) {
            pair.cluster("b").setAdmin("admin", "other".toCharArray(), new io.dyad.domain.EventLog.Cause("test", "test"));
            assertThat(pair.run(FailoverCommand.class).err()).startsWith("dyad failover: https://127.0.0.1").endsWith(" does not accept this user and password\n");
            assertThat(pair.run(FailoverCommand.class, "--to", "c")).isEqualTo(new Said(2, "", "dyad failover: --to is a or b\n"));
            pair.close("a");
            pair.close("b");
            Said nobody = pair.run(FailoverCommand.class);
            assertThat(nobody.exit()).isEqualTo(1);
            assertThat(nobody.err()).startsWith("dyad failover: neither cluster answers: ").hasLineCount(1);
        }
    }
}
