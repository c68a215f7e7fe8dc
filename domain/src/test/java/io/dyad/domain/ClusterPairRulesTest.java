package io.dyad.domain;

import static io.dyad.domain.ClusterPairSamples.ACCEPTED;
import static io.dyad.domain.ClusterPairSamples.ATTACHED;
import static io.dyad.domain.ClusterPairSamples.CONFIRMED;
import static io.dyad.domain.ClusterPairSamples.JOINING;
import static io.dyad.domain.ClusterPairSamples.OFFERED;
import static io.dyad.domain.ClusterPairSamples.ORPHANED;
import static io.dyad.domain.Given.given;
import static io.dyad.domain.Samples.OTHER_KEY;
import static io.dyad.domain.Samples.PAIR;
import static io.dyad.domain.Samples.PEER;
import static io.dyad.domain.Samples.STRANGER;
import static io.dyad.domain.Samples.THIS_KEY;
import static io.dyad.domain.Samples.VOLUME;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.ClusterPairCommand.AbandonClusterPair;
import io.dyad.domain.ClusterPairCommand.AcceptClusterPair;
import io.dyad.domain.ClusterPairCommand.AttachVolume;
import io.dyad.domain.ClusterPairCommand.ConfirmClusterPair;
import io.dyad.domain.ClusterPairCommand.JoinClusterPair;
import io.dyad.domain.ClusterPairCommand.OfferClusterPair;
import io.dyad.domain.ClusterPairCommand.OrphanClusterPair;
import io.dyad.domain.ClusterPairCommand.RemoveClusterPair;
import io.dyad.domain.ClusterPairEvent.ClusterPairAbandoned;
import io.dyad.domain.ClusterPairEvent.ClusterPairRemoved;
import io.dyad.domain.ClusterPairEvent.VolumeDetached;
import io.dyad.domain.ClusterPairState.Offered;
import io.dyad.domain.ClusterPairState.Orphaned;
import io.dyad.domain.ClusterPairState.Paired;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterPairRulesTest {
    private static final Command COMPLETE = new JoinClusterPair(PAIR, THIS_KEY, PEER.uniqueId(), PEER.mvip());

    @Test void CP_2_starting_leaves_a_pending_pair() {
        State after = Given.nothing().when(new OfferClusterPair(PAIR, THIS_KEY)).then(OFFERED);

        assertThat(after).isEqualTo(new Offered(THIS_KEY));
    }

    @Test void CP_2_a_key_serves_one_cluster() {
        given(OFFERED).when(new AcceptClusterPair(PAIR, PEER)).then(ACCEPTED);
        given(OFFERED, ACCEPTED).when(new AcceptClusterPair(PAIR, STRANGER)).thenRefused(Refusal.INVALID_KEY);
    }

    @Test void CP_2_the_same_cluster_may_repeat_itself() {
        given(OFFERED, ACCEPTED).when(new AcceptClusterPair(PAIR, PEER)).thenNothing();
    }

    @Test void CP_2_the_end_that_completed_accepts_nobody() {
        given(JOINING, CONFIRMED).when(new AcceptClusterPair(PAIR, PEER)).thenRefused(Refusal.INVALID_KEY);
    }

    @Test void CP_2_the_completer_takes_up_the_same_pairing_after_a_crash() {
        given(JOINING).when(COMPLETE).thenNothing();
        given(JOINING, CONFIRMED).when(new ConfirmClusterPair(PAIR, PEER)).thenNothing();
    }

    @Test void CP_2_completed_from_both_ends_the_second_is_told_that_it_already_exists() {
        String words = given(OFFERED, ACCEPTED).when(COMPLETE).thenRefused(Refusal.PAIRING_ALREADY_EXISTS);

        assertThat(words).contains("already exists");
    }

    @Test void CP_2_a_key_of_a_removed_pair_is_worth_nothing() {
        given(OFFERED, new ClusterPairRemoved(PAIR)).when(new AcceptClusterPair(PAIR, PEER)).thenRefused(Refusal.PAIRING_DOES_NOT_EXIST);
    }

    @Test void CP_3_a_cluster_does_not_pair_with_itself() {
        String words = given(OFFERED).when(COMPLETE).thenRefused(Refusal.INVALID_KEY);

        assertThat(words).isEqualTo("Pairing a cluster with itself is not permitted.");
    }

    @Test void CP_3_a_completion_that_fails_leaves_nothing_behind() {
        given(JOINING).when(new AbandonClusterPair(PAIR)).then(new ClusterPairAbandoned(PAIR));
        given(JOINING, new ClusterPairAbandoned(PAIR)).when(new RemoveClusterPair(PAIR)).thenRefused(Refusal.PAIRING_DOES_NOT_EXIST);
    }

    @Test void CP_3_another_completion_is_refused_while_one_is_under_way() {
        given(JOINING).when(new JoinClusterPair(PAIR, OTHER_KEY, "xsm6", "127.0.0.3")).thenRefused(Refusal.PAIRING_ALREADY_EXISTS);
    }

    @Test void CP_4_both_ends_hold_the_same_uuid_and_the_completer_dials() {
        State starter = given(OFFERED).when(new AcceptClusterPair(PAIR, PEER)).then(ACCEPTED);
        State completer = given(JOINING).when(new ConfirmClusterPair(PAIR, PEER)).then(CONFIRMED);

        assertThat(starter).isEqualTo(new Paired(THIS_KEY, false, PEER, Set.of()));
        assertThat(completer).isEqualTo(new Paired(THIS_KEY, true, PEER, Set.of()));
    }

    @Test void CP_5_removal_is_refused_while_a_volume_uses_the_pair() {
        String words = given(OFFERED, ACCEPTED, ATTACHED).when(new RemoveClusterPair(PAIR)).thenRefused(Refusal.CLUSTER_PAIR_IN_USE);

        assertThat(words).contains("[7]");
        given(OFFERED, ACCEPTED, ATTACHED, ORPHANED).when(new RemoveClusterPair(PAIR)).thenRefused(Refusal.CLUSTER_PAIR_IN_USE);
    }

    @Test void CP_5_removal_goes_through_once_the_volume_is_detached() {
        given(OFFERED, ACCEPTED, ATTACHED, new VolumeDetached(PAIR, VOLUME)).when(new RemoveClusterPair(PAIR)).then(new ClusterPairRemoved(PAIR));
    }

    @Test void CP_5_an_abandoned_key_is_removed_by_hand() {
        given(OFFERED).when(new RemoveClusterPair(PAIR)).then(new ClusterPairRemoved(PAIR));
    }

    @Test void CP_5_an_unknown_pair_does_not_exist() {
        Given.nothing().when(new RemoveClusterPair(PAIR)).thenRefused(Refusal.PAIRING_DOES_NOT_EXIST);
        given(OFFERED, new ClusterPairRemoved(PAIR)).when(new RemoveClusterPair(PAIR)).thenRefused(Refusal.PAIRING_DOES_NOT_EXIST);
    }

    @Test void CP_5_the_other_end_keeps_its_half_until_it_is_removed_there_too() {
        State after = given(OFFERED, ACCEPTED, ATTACHED).when(new OrphanClusterPair(PAIR)).then(ORPHANED);

        assertThat(after).isEqualTo(new Orphaned(THIS_KEY, PEER, Set.of(VOLUME)));
        given(OFFERED, ACCEPTED, ORPHANED).when(new RemoveClusterPair(PAIR)).then(new ClusterPairRemoved(PAIR));
    }

    @Test void VP_4_a_volume_pair_needs_a_completed_cluster_pair() {
        given(OFFERED).when(new AttachVolume(PAIR, VOLUME)).thenRefused(Refusal.MVIP_NOT_PAIRED);
        given(JOINING).when(new AttachVolume(PAIR, VOLUME)).thenRefused(Refusal.MVIP_NOT_PAIRED);
        given(OFFERED, ACCEPTED, ORPHANED).when(new AttachVolume(PAIR, VOLUME)).thenRefused(Refusal.MVIP_NOT_PAIRED);
        given(OFFERED, ACCEPTED).when(new AttachVolume(PAIR, VOLUME)).then(ATTACHED);
    }
}
