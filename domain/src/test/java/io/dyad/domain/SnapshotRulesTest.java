package io.dyad.domain;

import static io.dyad.domain.Given.given;
import static io.dyad.domain.Samples.NOON;
import static io.dyad.domain.Samples.VOLUME;
import static io.dyad.domain.Samples.letters;
import static io.dyad.domain.SnapshotSamples.ANNOUNCED;
import static io.dyad.domain.SnapshotSamples.COMPLETED;
import static io.dyad.domain.SnapshotSamples.DELETED_AND_REMEMBERED;
import static io.dyad.domain.SnapshotSamples.FIFTH;
import static io.dyad.domain.SnapshotSamples.FIRST;
import static io.dyad.domain.SnapshotSamples.FOURTH;
import static io.dyad.domain.SnapshotSamples.LOCAL;
import static io.dyad.domain.SnapshotSamples.NIGHTLY;
import static io.dyad.domain.SnapshotSamples.THIRD;
import static io.dyad.domain.SnapshotSamples.full;
import static io.dyad.domain.SnapshotSamples.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Snapshot.Origin;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotCommand.AbandonSnapshot;
import io.dyad.domain.SnapshotCommand.CompleteSnapshot;
import io.dyad.domain.SnapshotCommand.DeleteSnapshot;
import io.dyad.domain.SnapshotCommand.Deletion;
import io.dyad.domain.SnapshotCommand.ExpectSnapshot;
import io.dyad.domain.SnapshotCommand.ForgetDeleted;
import io.dyad.domain.SnapshotCommand.KeepSnapshot;
import io.dyad.domain.SnapshotCommand.ModifySnapshot;
import io.dyad.domain.SnapshotCommand.TakeSnapshot;
import io.dyad.domain.SnapshotEvent.DeletedForgotten;
import io.dyad.domain.SnapshotEvent.SnapshotAbandoned;
import io.dyad.domain.SnapshotEvent.SnapshotAnnounced;
import io.dyad.domain.SnapshotEvent.SnapshotCompleted;
import io.dyad.domain.SnapshotEvent.SnapshotDeleted;
import io.dyad.domain.SnapshotEvent.SnapshotDescribed;
import io.dyad.domain.SnapshotEvent.SnapshotExpected;
import io.dyad.domain.SnapshotEvent.SnapshotKept;
import io.dyad.domain.SnapshotEvent.SnapshotModified;
import io.dyad.domain.SnapshotsState.Bare;
import io.dyad.domain.SnapshotsState.Holding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SnapshotRulesTest {
    @Test void a_snapshot_is_announced_before_its_cut_and_done_after_it() {
        State announced = Given.nothing().when(new TakeSnapshot(FIRST)).then(ANNOUNCED);
        State done = given(ANNOUNCED).when(new CompleteSnapshot(VOLUME, FIRST.uuid(), NOON)).then(COMPLETED);

        assertThat(held(announced, FIRST).phase()).isEqualTo(Phase.PREPARING);
        assertThat(held(done, FIRST).phase()).isEqualTo(Phase.DONE);
    }

    @Test void an_announced_snapshot_without_a_cut_leaves_nothing_behind() {
        State after = given(ANNOUNCED).when(new AbandonSnapshot(VOLUME, FIRST.uuid())).then(new SnapshotAbandoned(VOLUME, FIRST.id(), FIRST.uuid()));

        assertThat(after).isEqualTo(new Bare());
    }

    @Test void a_snapshot_that_is_done_is_not_abandoned() {
        given(ANNOUNCED, COMPLETED).when(new AbandonSnapshot(VOLUME, FIRST.uuid())).thenNothing();
    }

    @Test void MS_3_the_32nd_is_taken_and_the_33rd_refused() {
        List<Event> past = full();

        new Given(past.subList(1, past.size())).when(new TakeSnapshot(FIFTH)).then(new SnapshotAnnounced(FIFTH));
        new Given(past).when(new TakeSnapshot(FIFTH)).thenRefused(Refusal.MAX_SNAPSHOTS_PER_VOLUME);
    }

    @Test void MS_3_no_33rd_is_expected_from_the_other_end() {
        new Given(full()).when(new ExpectSnapshot(THIRD)).thenRefused(Refusal.MAX_SNAPSHOTS_PER_VOLUME);
    }

    @Test void what_the_store_holds_is_kept_even_beyond_32_so_that_nothing_is_lost() {
        Snapshot kept = snapshot(5, Origin.KEPT, Phase.DONE, LOCAL);

        new Given(full()).when(new KeepSnapshot(kept)).then(new SnapshotKept(kept));
    }

    @Test void LI_9_a_name_has_at_most_255_characters() {
        Given.nothing().when(new TakeSnapshot(FIRST.with(named(letters(256))))).thenRefused(Refusal.INVALID_PARAMETER);
        Given.nothing().when(new TakeSnapshot(FIRST.with(named(letters(255))))).then(new SnapshotAnnounced(FIRST.with(named(letters(255)))));
    }

    private static Snapshot held(State state, Snapshot which) { return ((Holding) state).find(which.id()).orElseThrow(); }

    private static Terms named(String name) { return new Terms(name, true, Optional.empty(), Optional.empty(), Map.of()); }

    @Test void MS_2_a_replicated_snapshot_that_was_deleted_here_is_not_expected_again() {
        State after = given(ANNOUNCED, COMPLETED).when(new DeleteSnapshot(VOLUME, FIRST.id(), Deletion.ASKED, true)).then(DELETED_AND_REMEMBERED);

        assertThat(after).isEqualTo(new Holding(Map.of(), Set.of(FIRST.uuid())));
        given(ANNOUNCED, COMPLETED, DELETED_AND_REMEMBERED).when(new ExpectSnapshot(FIRST)).thenNothing();
    }

    @Test void MS_2_it_is_remembered_until_the_other_end_holds_it_no_more() {
        State after = given(ANNOUNCED, COMPLETED, DELETED_AND_REMEMBERED).when(new ForgetDeleted(VOLUME, Set.of(FIRST.uuid(), THIRD.uuid())))
            .then(new DeletedForgotten(VOLUME, Set.of(FIRST.uuid())));

        assertThat(after).isEqualTo(new Bare());
    }

    @Test void a_local_snapshot_is_forgotten_at_once() {
        Snapshot local = FIRST.with(LOCAL);

        given(new SnapshotAnnounced(local)).when(new DeleteSnapshot(VOLUME, local.id(), Deletion.ASKED, true))
            .then(new SnapshotDeleted(VOLUME, local.id(), local.uuid(), Deletion.ASKED, false));
    }

    @Test void MS_2_the_copy_is_expected_and_then_done() {
        given(ANNOUNCED).when(new ExpectSnapshot(THIRD)).then(new SnapshotExpected(THIRD));
        given(new SnapshotExpected(THIRD)).when(new CompleteSnapshot(VOLUME, THIRD.uuid(), NOON)).then(new SnapshotCompleted(VOLUME, THIRD.id(), THIRD.uuid(), NOON));
    }

    @Test void MS_2_the_copy_is_done_too_when_it_was_expected_while_its_arrival_was_being_noted() {
        Snapshot unexpected = undescribed(7, THIRD.uuid());

        State after = given(new SnapshotExpected(THIRD)).when(new KeepSnapshot(unexpected)).then(new SnapshotCompleted(VOLUME, THIRD.id(), THIRD.uuid(), NOON));

        assertThat(held(after, THIRD).terms()).isEqualTo(NIGHTLY);
        given(new SnapshotExpected(THIRD), new SnapshotCompleted(VOLUME, THIRD.id(), THIRD.uuid(), NOON)).when(new KeepSnapshot(unexpected)).thenNothing();
    }

    private static Snapshot undescribed(long id, UUID uuid) {
        return new Snapshot(new SnapshotId(id), uuid, VOLUME, named(""), THIRD.sizeBytes(), Origin.ARRIVED, Phase.DONE, Optional.empty(), uuid, NOON, NOON);
    }

    @Test void a_snapshot_whose_blocks_came_first_is_described_once() {
        Snapshot spoken = FOURTH.with(NIGHTLY);
        Event described = new SnapshotDescribed(VOLUME, FOURTH.id(), spoken);

        State after = given(new SnapshotKept(FOURTH)).when(new ExpectSnapshot(spoken)).then(described);

        assertThat(held(after, FOURTH).terms()).isEqualTo(NIGHTLY);
        given(new SnapshotKept(FOURTH), described).when(new ExpectSnapshot(spoken)).thenNothing();
    }

    @Test void modifying_says_only_what_differs() {
        Terms later = new Terms("nightly", true, Optional.of(NOON), Optional.empty(), Map.of());

        given(ANNOUNCED).when(new ModifySnapshot(VOLUME, FIRST.id(), Optional.of(true), Optional.of(NOON), Optional.empty()))
            .then(new SnapshotModified(VOLUME, FIRST.id(), later));
        given(ANNOUNCED).when(new ModifySnapshot(VOLUME, FIRST.id(), Optional.of(true), Optional.empty(), Optional.empty())).thenNothing();
    }
}
