package io.dyad.domain;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ReplicationModeTest {
    @Property(tries = 200) void both_ends_agree_whatever_each_had(
            @ForAll Mode here, @ForAll @LongRange(max = 3) long hereRevision, @ForAll Mode there, @ForAll @LongRange(max = 3) long thereRevision) {
        var ours = new ReplicationMode(here, hereRevision);
        var theirs = new ReplicationMode(there, thereRevision);

        assertThat(ours.merged(theirs)).isEqualTo(theirs.merged(ours)).isIn(ours, theirs);
    }

    @Test void the_newer_change_wins() {
        var old = new ReplicationMode(Mode.SNAPSHOTS_ONLY, 1);

        assertThat(old.merged(old.changedTo(Mode.ASYNC))).isEqualTo(new ReplicationMode(Mode.ASYNC, 2));
    }

    @Test void ER_6_a_mode_is_async_sync_or_snapshots_only_in_any_case() {
        assertThat(Mode.ofWire("sync")).contains(Mode.SYNC);
        assertThat(Mode.ofWire("ASYNC")).contains(Mode.ASYNC);
        assertThat(Mode.ofWire("snapshotsonly")).contains(Mode.SNAPSHOTS_ONLY);
        assertThat(Mode.ofWire("semisync")).isEmpty();
        assertThat(Mode.values()).extracting(Mode::wire).containsExactly("Async", "Sync", "SnapshotsOnly");
    }
}
