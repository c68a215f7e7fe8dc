package io.dyad.domain;

import static io.dyad.domain.Given.given;
import static io.dyad.domain.Samples.OTHER_KEY;
import static io.dyad.domain.Samples.PAIR;
import static io.dyad.domain.Samples.PEER_VOLUME;
import static io.dyad.domain.Samples.SIZE_BYTES;
import static io.dyad.domain.Samples.THIS_KEY;
import static io.dyad.domain.Samples.VOLUME;
import static io.dyad.domain.VolumePairSamples.ACCEPTED;
import static io.dyad.domain.VolumePairSamples.ASYNC;
import static io.dyad.domain.VolumePairSamples.GROWN_PEER;
import static io.dyad.domain.VolumePairSamples.JOINING;
import static io.dyad.domain.VolumePairSamples.NEWER_SYNC;
import static io.dyad.domain.VolumePairSamples.OFFERED;
import static io.dyad.domain.VolumePairSamples.PAUSED;
import static io.dyad.domain.VolumePairSamples.SEVERED;
import static io.dyad.domain.VolumePairSamples.THIRD_VOLUME;
import static io.dyad.domain.VolumePairSamples.modify;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumePairCommand.AcceptPair;
import io.dyad.domain.VolumePairCommand.ConfirmPair;
import io.dyad.domain.VolumePairCommand.JoinPair;
import io.dyad.domain.VolumePairCommand.ModifyPair;
import io.dyad.domain.VolumePairCommand.NotePeer;
import io.dyad.domain.VolumePairCommand.OfferPair;
import io.dyad.domain.VolumePairCommand.RemovePair;
import io.dyad.domain.VolumePairCommand.ReportMilestone;
import io.dyad.domain.VolumePairCommand.SeverPair;
import io.dyad.domain.VolumePairEvent.MilestoneReached;
import io.dyad.domain.VolumePairEvent.PairAccepted;
import io.dyad.domain.VolumePairEvent.PairConfirmed;
import io.dyad.domain.VolumePairEvent.PairModeChanged;
import io.dyad.domain.VolumePairEvent.PairOffered;
import io.dyad.domain.VolumePairEvent.PairRemoved;
import io.dyad.domain.VolumePairEvent.PairResumed;
import io.dyad.domain.VolumePairEvent.PeerVolumeNoted;
import io.dyad.domain.VolumePairState.Half;
import io.dyad.domain.VolumePairState.Mirroring;
import io.dyad.domain.VolumePairState.Offered;
import io.dyad.domain.VolumePairState.Paused;
import io.dyad.domain.VolumePairState.Severed;
import io.dyad.domain.VolumePairState.Unpaired;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VolumePairRulesTest {
    private static final Event REMOVED = new PairRemoved(VOLUME, THIS_KEY);
    private static final Command OFFER_AGAIN = new OfferPair(VOLUME, OTHER_KEY, Mode.ASYNC);

    static Stream<List<Event>> pairedOrPending() {
        return Stream.of(List.of(OFFERED), List.of(JOINING), List.of(OFFERED, ACCEPTED), List.of(OFFERED, ACCEPTED, PAUSED),
            List.of(OFFERED, ACCEPTED, SEVERED));
    }

    @ParameterizedTest @MethodSource("pairedOrPending") void VP_1_a_paired_or_pending_volume_is_not_paired_again(List<Event> past) {
        new Given(past).when(OFFER_AGAIN).thenRefused(Refusal.VOLUME_ALREADY_PAIRED);
        new Given(past).when(new JoinPair(VOLUME, OTHER_KEY, PAIR, 10, "copy")).thenRefused(Refusal.VOLUME_ALREADY_PAIRED);
    }

    @Test void VP_1_one_volume_completes_the_pairing_and_no_other() {
        given(OFFERED, ACCEPTED).when(new AcceptPair(VOLUME, THIS_KEY, PAIR, THIRD_VOLUME)).thenRefused(Refusal.INVALID_PAIRING_KEY);
        given(OFFERED, ACCEPTED).when(new AcceptPair(VOLUME, THIS_KEY, PAIR, PEER_VOLUME)).thenNothing();
    }

    @Test void VP_2_starting_leaves_a_pending_pair() {
        State after = Given.nothing().when(new OfferPair(VOLUME, THIS_KEY, Mode.SYNC)).then(new PairOffered(VOLUME, THIS_KEY, Mode.SYNC));

        assertThat(after).isEqualTo(new Offered(THIS_KEY, Mode.SYNC));
    }

    @Test void VP_2_to_retry_is_to_remove_and_to_take_a_new_key() {
        given(OFFERED, REMOVED).when(OFFER_AGAIN).then(new PairOffered(VOLUME, OTHER_KEY, Mode.ASYNC));
    }

    @Test void VP_3_removing_from_an_unpaired_volume_succeeds() {
        Given.nothing().when(new RemovePair(VOLUME)).thenNothing();
        given(OFFERED, REMOVED).when(new RemovePair(VOLUME)).thenNothing();
    }

    @ParameterizedTest @MethodSource("pairedOrPending") void VP_3_a_pair_is_removed_at_any_stage(List<Event> past) {
        assertThat(new Given(past).when(new RemovePair(VOLUME)).then(REMOVED)).isEqualTo(new Unpaired());
    }

    @Test void VP_3_the_other_end_is_severed_and_stays_so_until_removed() {
        State after = given(OFFERED, ACCEPTED).when(new SeverPair(VOLUME, THIS_KEY)).then(SEVERED);

        assertThat(after).isEqualTo(new Severed(new Half(THIS_KEY, PAIR, PEER_VOLUME, ASYNC)));
        given(OFFERED, ACCEPTED, SEVERED).when(new NotePeer(VOLUME, THIS_KEY, PEER_VOLUME, ASYNC)).thenNothing();
    }

    @Test void VP_3_a_late_word_about_an_earlier_pairing_severs_nothing() {
        given(OFFERED, ACCEPTED).when(new SeverPair(VOLUME, OTHER_KEY)).thenNothing();
    }

    @Test void VP_4_a_stale_key_is_refused() {
        given(OFFERED).when(new AcceptPair(VOLUME, OTHER_KEY, PAIR, PEER_VOLUME)).thenRefused(Refusal.INVALID_PAIRING_KEY);
        given(OFFERED, REMOVED).when(new AcceptPair(VOLUME, THIS_KEY, PAIR, PEER_VOLUME)).thenRefused(Refusal.INVALID_PAIRING_KEY);
        given(OFFERED, ACCEPTED, SEVERED).when(new AcceptPair(VOLUME, THIS_KEY, PAIR, PEER_VOLUME)).thenRefused(Refusal.INVALID_PAIRING_KEY);
    }

    @Test void VP_5_a_smaller_target_pairs_and_its_growth_is_noted() {
        PeerVolume small = new PeerVolume(10, "copy", Access.REPLICATION_TARGET, SIZE_BYTES / 2, false, false);
        Event accepted = new PairAccepted(VOLUME, THIS_KEY, PAIR, small);

        given(OFFERED).when(new AcceptPair(VOLUME, THIS_KEY, PAIR, small)).then(accepted);
        State after = given(OFFERED, accepted).when(new NotePeer(VOLUME, THIS_KEY, GROWN_PEER, ASYNC)).then(new PeerVolumeNoted(VOLUME, GROWN_PEER));
        assertThat(after).isEqualTo(new Mirroring(new Half(THIS_KEY, PAIR, GROWN_PEER, ASYNC)));
    }

    @ParameterizedTest @EnumSource void VP_6_the_other_end_pairs_whatever_its_access(Access access) {
        PeerVolume peer = new PeerVolume(10, "copy", access, SIZE_BYTES, false, false);

        given(OFFERED).when(new AcceptPair(VOLUME, THIS_KEY, PAIR, peer)).then(new PairAccepted(VOLUME, THIS_KEY, PAIR, peer));
        given(JOINING).when(new ConfirmPair(VOLUME, THIS_KEY, peer, ASYNC)).then(new PairConfirmed(VOLUME, THIS_KEY, peer, ASYNC));
    }

    @Test void VP_8_either_end_pauses_and_resumes() {
        Event confirmed = new PairConfirmed(VOLUME, THIS_KEY, PEER_VOLUME, ASYNC);

        given(OFFERED, ACCEPTED).when(modify(Optional.of(true), Optional.empty())).then(PAUSED);
        given(JOINING, confirmed).when(modify(Optional.of(true), Optional.empty())).then(PAUSED);
        given(JOINING, confirmed, PAUSED).when(modify(Optional.of(false), Optional.empty())).then(new PairResumed(VOLUME));
    }

    @Test void VP_8_either_end_changes_the_mode_and_the_other_follows() {
        given(OFFERED, ACCEPTED).when(modify(Optional.empty(), Optional.of(Mode.SYNC))).then(new PairModeChanged(VOLUME, NEWER_SYNC));
        given(OFFERED, ACCEPTED).when(new NotePeer(VOLUME, THIS_KEY, PEER_VOLUME, NEWER_SYNC)).then(new PairModeChanged(VOLUME, NEWER_SYNC));
    }

    @Test void VP_8_no_value_is_no_change() {
        Command noValue = modify(Optional.empty(), Optional.empty());

        given(OFFERED).when(noValue).thenNothing();
        given(OFFERED, ACCEPTED).when(noValue).thenNothing();
        given(OFFERED, ACCEPTED, PAUSED).when(noValue).thenNothing();
    }

    @Test void VP_8_what_is_not_paired_is_not_modified() {
        Given.nothing().when(modify(Optional.of(true), Optional.empty())).thenRefused(Refusal.VOLUME_NOT_PAIRED);
        given(JOINING).when(modify(Optional.of(true), Optional.empty())).thenRefused(Refusal.VOLUME_NOT_PAIRED);
    }

    @Test void VP_8_the_pause_outlives_access_changes_and_growth_on_the_other_end() {
        PeerVolume flipped = new PeerVolume(10, "copy", Access.READ_WRITE, 2 * SIZE_BYTES, false, false);

        State after = given(OFFERED, ACCEPTED, PAUSED).when(new NotePeer(VOLUME, THIS_KEY, flipped, ASYNC)).then(new PeerVolumeNoted(VOLUME, flipped));

        assertThat(after).isInstanceOf(Paused.class);
    }

    @Test void FO_2_a_divergence_is_remembered_with_its_detail() {
        given(OFFERED, ACCEPTED).when(new ReportMilestone(VOLUME, THIS_KEY, Milestone.DIVERGED, "12 blocks", 1))
            .then(new MilestoneReached(VOLUME, THIS_KEY, Milestone.DIVERGED, "12 blocks", 1));
    }

    @Test void FO_5_the_other_end_deleted_is_noted_and_the_pair_lives_on() {
        PeerVolume deleted = new PeerVolume(10, "copy", Access.REPLICATION_TARGET, SIZE_BYTES, true, false);

        State after = given(OFFERED, ACCEPTED).when(new NotePeer(VOLUME, THIS_KEY, deleted, ASYNC)).then(new PeerVolumeNoted(VOLUME, deleted));

        assertThat(after).isInstanceOf(Mirroring.class);
    }

    @Test void ER_5_modifying_a_pair_has_no_word_for_the_direction() {
        assertThat(ModifyPair.class.getRecordComponents()).extracting("name").containsExactly("volume", "pausedManual", "mode");
    }
}
