package io.dyad.domain;

import static io.dyad.domain.ClusterSamples.ANN;
import static io.dyad.domain.ClusterSamples.BOB;
import static io.dyad.domain.ClusterSamples.FORMED;
import static io.dyad.domain.ClusterSamples.ROOT;
import static io.dyad.domain.ClusterSamples.UUID_OF_CLUSTER;
import static io.dyad.domain.ClusterSamples.inUse;
import static io.dyad.domain.Given.given;
import static io.dyad.domain.Samples.letters;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.ClusterCommand.FormCluster;
import io.dyad.domain.ClusterCommand.ReleaseAccount;
import io.dyad.domain.ClusterCommand.ReleaseClusterPair;
import io.dyad.domain.ClusterCommand.RenameCluster;
import io.dyad.domain.ClusterCommand.ReserveAccount;
import io.dyad.domain.ClusterCommand.ReserveAdmin;
import io.dyad.domain.ClusterCommand.ReserveClusterPair;
import io.dyad.domain.ClusterCommand.ReserveVolume;
import io.dyad.domain.ClusterCommand.TakeNumbers;
import io.dyad.domain.ClusterCommand.TransferVolume;
import io.dyad.domain.ClusterEvent.AccountReleased;
import io.dyad.domain.ClusterEvent.AccountReserved;
import io.dyad.domain.ClusterEvent.AdminReleased;
import io.dyad.domain.ClusterEvent.AdminReserved;
import io.dyad.domain.ClusterEvent.ClusterFormed;
import io.dyad.domain.ClusterEvent.ClusterPairReleased;
import io.dyad.domain.ClusterEvent.ClusterPairReserved;
import io.dyad.domain.ClusterEvent.ClusterRenamed;
import io.dyad.domain.ClusterEvent.NumbersTaken;
import io.dyad.domain.ClusterEvent.VolumeReserved;
import io.dyad.domain.ClusterEvent.VolumeTransferred;
import io.dyad.domain.ClusterState.Formed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterRulesTest {
    @Test void CP_1_the_fourth_pair_is_taken() {
        new Given(inUse(3, 0, 0)).when(new ReserveClusterPair()).then(new ClusterPairReserved(new ClusterPairId(4)));
    }

    @Test void CP_1_the_fifth_pair_is_refused_pending_ones_counted() {
        new Given(inUse(4, 0, 0)).when(new ReserveClusterPair()).thenRefused(Refusal.EXCEEDED_LIMIT);
    }

    @Test void CP_1_a_released_pair_makes_room_but_not_its_number() {
        List<Event> past = new ArrayList<>(inUse(4, 0, 0));
        past.add(new ClusterPairReleased(new ClusterPairId(4)));

        new Given(past).when(new ReserveClusterPair()).then(new ClusterPairReserved(new ClusterPairId(5)));
    }

    @Test void releasing_a_pair_twice_is_no_event() {
        given(FORMED).when(new ReleaseClusterPair(new ClusterPairId(1))).thenNothing();
    }

    @Test void LI_1_a_cluster_holds_4000_volumes_and_not_one_more() {
        new Given(inUse(0, 1999, 2000)).when(new ReserveVolume(ANN)).then(new VolumeReserved(new VolumeId(4000), ANN));
        new Given(inUse(0, 1999, 2001)).when(new ReserveVolume(ANN)).thenRefused(Refusal.EXCEEDED_LIMIT);
    }

    @Test void LI_2_an_account_owns_2000_volumes_and_not_one_more() {
        new Given(inUse(0, 1999, 1)).when(new ReserveVolume(ANN)).then(new VolumeReserved(new VolumeId(2001), ANN));
        new Given(inUse(0, 2000, 1)).when(new ReserveVolume(ANN)).thenRefused(Refusal.EXCEEDED_LIMIT);
        new Given(inUse(0, 2000, 1)).when(new ReserveVolume(BOB)).then(new VolumeReserved(new VolumeId(2002), BOB));
    }

    @Test void LI_5_an_account_name_has_1_to_64_characters() {
        given(FORMED).when(new ReserveAccount("")).thenRefused(Refusal.INVALID_PARAMETER);
        given(FORMED).when(new ReserveAccount(letters(65))).thenRefused(Refusal.INVALID_PARAMETER);
        given(FORMED).when(new ReserveAccount(letters(64))).then(new AccountReserved(ANN, letters(64)));
        given(FORMED).when(new ReserveAccount("a")).then(new AccountReserved(ANN, "a"));
    }

    @Test void an_account_name_is_taken_once_and_free_again_once_released() {
        Event ann = new AccountReserved(ANN, "ann");

        given(FORMED, ann).when(new ReserveAccount("ann")).thenRefused(Refusal.DUPLICATE_USERNAME);
        given(FORMED, ann, new AccountReleased(ANN)).when(new ReserveAccount("ann")).then(new AccountReserved(BOB, "ann"));
    }

    @Test void a_volume_needs_an_account_that_exists() {
        given(FORMED).when(new ReserveVolume(ANN)).thenRefused(Refusal.ACCOUNT_DOES_NOT_EXIST);
    }

    @Test void an_account_that_owns_volumes_stays() {
        new Given(inUse(0, 1, 0)).when(new ReleaseAccount(ANN)).thenRefused(Refusal.ACCOUNT_IN_USE);
        new Given(inUse(0, 1, 0)).when(new ReleaseAccount(BOB)).then(new AccountReleased(BOB));
    }

    @Test void LI_2_a_volume_goes_to_another_account_within_its_limit_and_counts_there() {
        VolumeId ofBob = new VolumeId(2000);
        new Given(inUse(0, 1999, 1)).when(new TransferVolume(ofBob, ANN)).then(new VolumeTransferred(ofBob, ANN));
        new Given(inUse(0, 2000, 1)).when(new TransferVolume(new VolumeId(2001), ANN)).thenRefused(Refusal.EXCEEDED_LIMIT);
        List<Event> past = new ArrayList<>(inUse(0, 1, 0));
        past.add(new VolumeTransferred(new VolumeId(1), BOB));
        new Given(past).when(new ReleaseAccount(ANN)).then(new AccountReleased(ANN));
        new Given(past).when(new ReleaseAccount(BOB)).thenRefused(Refusal.ACCOUNT_IN_USE);
    }

    @Test void an_admin_name_is_taken_once_and_its_number_is_never_used_again() {
        given(FORMED).when(new ReserveAdmin("root")).then(new AdminReserved(ROOT, "root"));
        given(FORMED, new AdminReserved(ROOT, "root")).when(new ReserveAdmin("root")).thenRefused(Refusal.DUPLICATE_USERNAME);
        given(FORMED, new AdminReserved(ROOT, "root"), new AdminReleased(ROOT)).when(new ReserveAdmin("root")).then(new AdminReserved(new AdminId(2), "root"));
    }

    @ParameterizedTest @ValueSource(strings = {"", "abc", "abcde", "ABCD", "a-b1"})
    void a_unique_id_is_4_of_a_to_z_and_0_to_9(String uniqueId) {
        Given.nothing().when(new FormCluster(UUID_OF_CLUSTER, uniqueId, "Here")).thenRefused(Refusal.INVALID_PARAMETER);
    }

    @Test void a_cluster_is_formed_once() {
        Given.nothing().when(new FormCluster(UUID_OF_CLUSTER, "a1b2", "Here")).then(new ClusterFormed(UUID_OF_CLUSTER, "a1b2", "Here"));
        given(FORMED).when(new FormCluster(UUID_OF_CLUSTER, "a1b2", "Here")).thenRefused(Refusal.WRONG_CLUSTER_STATE);
    }

    @Test void renaming_keeps_the_rest_of_the_identity() {
        State after = given(FORMED).when(new RenameCluster("There")).then(new ClusterRenamed("There"));

        assertThat(after).isInstanceOfSatisfying(Formed.class, s ->
            assertThat(s.identity()).isEqualTo(new ClusterState.Identity(UUID_OF_CLUSTER, "a1b2", "There")));
    }

    @Test void numbers_of_a_kind_are_handed_out_once() {
        given(FORMED).when(new TakeNumbers(Numbered.SNAPSHOT, 2)).then(new NumbersTaken(Numbered.SNAPSHOT, 1, 2));
        given(FORMED, new NumbersTaken(Numbered.SNAPSHOT, 1, 2)).when(new TakeNumbers(Numbered.SNAPSHOT, 1)).then(new NumbersTaken(Numbered.SNAPSHOT, 3, 1));
        given(FORMED, new NumbersTaken(Numbered.SNAPSHOT, 1, 2)).when(new TakeNumbers(Numbered.JOB, 1)).then(new NumbersTaken(Numbered.JOB, 1, 1));
    }
}
