package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.Mark.Progress;
import io.dyad.replication.Mark.Role;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MarkTest {
    private static DirtyMap blocks(long... blocks) {
        DirtyMap map = new DirtyMap();
        for (long block : blocks) map.mark(block * Blocks.BLOCK_BYTES, Blocks.BLOCK_BYTES);
        return map;
    }

    @Test void a_mark_reads_back_with_every_dirty_block() throws IOException {
        Mark mark = new Mark(new UUID(5, 6), Progress.SYNCED, Role.TARGET, true, 7, blocks(0, 1023, 1024, 4_294_967_295L));
        Mark read = Mark.parse(mark.toBytes());
        assertThat(read).usingRecursiveComparison().ignoringFields("dirty").isEqualTo(mark);
        assertThat(read.dirty().count()).isEqualTo(4);
        assertThat(read.dirty().contains(4_294_967_295L * Blocks.BLOCK_BYTES)).isTrue();
    }

    @Test void a_volume_without_a_mark_shares_nothing() throws IOException {
        assertThat(Mark.parse(new byte[0]).progress()).isEqualTo(Progress.NONE);
    }

    @Test void a_mark_of_a_later_version_is_refused_in_words() {
        byte[] bytes = Mark.empty().toBytes();
        bytes[0] = 2;
        assertThatThrownBy(() -> Mark.parse(bytes)).isInstanceOf(IOException.class).hasMessageContaining("version 2");
    }

    @Test void only_a_first_sync_that_was_under_way_is_forgotten() {
        for (Progress progress : Progress.values()) {
            Mark mark = new Mark(new UUID(5, 6), progress, Role.SOURCE, false, 7, blocks(3));
            assertThat(mark.withoutPart().progress()).isEqualTo(progress == Progress.PARTIAL ? Progress.NONE : progress);
        }
    }
}
