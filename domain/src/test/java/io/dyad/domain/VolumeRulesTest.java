package io.dyad.domain;

import static io.dyad.domain.Given.given;
import static io.dyad.domain.Samples.NOON;
import static io.dyad.domain.Samples.SIZE_BYTES;
import static io.dyad.domain.Samples.VOLUME;
import static io.dyad.domain.Samples.letters;
import static io.dyad.domain.Samples.volume;
import static io.dyad.domain.VolumeSamples.CREATED;
import static io.dyad.domain.VolumeSamples.DATA;
import static io.dyad.domain.VolumeSamples.DELETED;
import static io.dyad.domain.VolumeSamples.PURGE_AT;
import static io.dyad.domain.VolumeSamples.modify;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeCommand.CreateVolume;
import io.dyad.domain.VolumeCommand.DeleteVolume;
import io.dyad.domain.VolumeCommand.PurgeVolume;
import io.dyad.domain.VolumeCommand.RestoreVolume;
import io.dyad.domain.VolumeEvent.VolumeAccessChanged;
import io.dyad.domain.VolumeEvent.VolumeCreated;
import io.dyad.domain.VolumeEvent.VolumeGrown;
import io.dyad.domain.VolumeEvent.VolumePurged;
import io.dyad.domain.VolumeEvent.VolumeRestored;
import io.dyad.domain.VolumeState.Active;
import io.dyad.domain.VolumeState.Deleted;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VolumeRulesTest {
    @ParameterizedTest @EnumSource void VP_6_any_access_may_follow_any_other(Access to) {
        for (Access from : Access.values()) {
            Given has = given(new VolumeCreated(DATA.withAccess(from)));
            if (from == to) has.when(modify().access(to).build()).thenNothing();
            else has.when(modify().access(to).build()).then(new VolumeAccessChanged(VOLUME, from, to));
        }
    }

    @Test void FO_1_an_access_change_says_what_it_left_so_that_leaving_readWrite_can_fence() {
        State after = given(CREATED).when(modify().access(Access.LOCKED).build())
            .then(new VolumeAccessChanged(VOLUME, Access.READ_WRITE, Access.LOCKED));

        assertThat(after).isEqualTo(new Active(DATA.withAccess(Access.LOCKED)));
    }

    @Test void FO_4_a_volume_grows() {
        State after = given(CREATED).when(modify().size(2 * SIZE_BYTES).build()).then(new VolumeGrown(VOLUME, 2 * SIZE_BYTES));

        assertThat(after).isEqualTo(new Active(DATA.withSize(2 * SIZE_BYTES)));
    }

    @Test void FO_4_shrinking_is_refused_and_nothing_else_of_the_change_happens() {
        given(CREATED).when(modify().size(SIZE_BYTES - Volume.GRAIN_BYTES).access(Access.LOCKED).build()).thenRefused(Refusal.VOLUME_SHRINK_PROHIBITED);
    }

    @Test void FO_4_a_size_that_rounds_up_to_the_present_one_is_no_shrinking() {
        given(CREATED).when(modify().size(SIZE_BYTES - 1).build()).thenNothing();
    }

    @Test void FO_4_a_number_that_cannot_be_rounded_up_is_too_large_and_no_shrinking() {
        given(CREATED).when(modify().size(Long.MAX_VALUE).build()).thenRefused(Refusal.INVALID_PARAMETER);
    }

    @Test void FO_5_a_deleted_volume_can_be_restored_as_it_was() {
        State deleted = given(CREATED).when(new DeleteVolume(VOLUME, NOON, PURGE_AT)).then(DELETED);
        State restored = given(CREATED, DELETED).when(new RestoreVolume(VOLUME)).then(new VolumeRestored(VOLUME));

        assertThat(deleted).isEqualTo(new Deleted(DATA, NOON, PURGE_AT));
        assertThat(restored).isEqualTo(new Active(DATA));
    }

    @Test void FO_5_only_a_deleted_volume_is_purged_and_then_it_is_gone() {
        given(CREATED).when(new PurgeVolume(VOLUME)).thenRefused(Refusal.VOLUME_DOES_NOT_EXIST);
        given(CREATED, DELETED).when(new PurgeVolume(VOLUME)).then(new VolumePurged(VOLUME));
        given(CREATED, DELETED, new VolumePurged(VOLUME)).when(new RestoreVolume(VOLUME)).thenRefused(Refusal.VOLUME_DOES_NOT_EXIST);
    }

    @Test void FO_5_a_deleted_volume_is_not_modified() {
        given(CREATED, DELETED).when(modify().access(Access.READ_ONLY).build()).thenRefused(Refusal.VOLUME_DOES_NOT_EXIST);
    }

    @Test void LI_3_a_volume_has_1000000000_to_17592186044416_bytes() {
        refusedOnCreation(volume("data", 999_999_999L));
        refusedOnCreation(volume("data", 17_592_186_044_417L));
        createdWithBytes(17_592_186_044_416L, 17_592_186_044_416L);
        given(CREATED).when(modify().size(17_592_186_044_417L).build()).thenRefused(Refusal.INVALID_PARAMETER);
    }

    @Test void LI_3_a_size_is_rounded_up_to_1_MiB() {
        createdWithBytes(1_000_000_000L, 1_000_341_504L);
    }

    @Test void LI_4_a_volume_name_has_1_to_64_characters() {
        refusedOnCreation(volume("", SIZE_BYTES));
        refusedOnCreation(volume(letters(65), SIZE_BYTES));
        Given.nothing().when(new CreateVolume(volume(letters(64), SIZE_BYTES))).then(new VolumeCreated(volume(letters(64), SIZE_BYTES)));
    }

    @Test void VP_6_an_access_is_read_in_any_case_and_written_as_the_vendor_does() {
        assertThat(Access.ofWire("REPLICATIONTARGET")).contains(Access.REPLICATION_TARGET);
        assertThat(Access.ofWire("target")).isEqualTo(Optional.empty());
        assertThat(Access.values()).extracting(Access::wire)
            .containsExactly("readOnly", "readWrite", "locked", "replicationTarget", "snapMirrorTarget");
    }

    private static void refusedOnCreation(Volume asked) { Given.nothing().when(new CreateVolume(asked)).thenRefused(Refusal.INVALID_PARAMETER); }

    private static void createdWithBytes(long asked, long kept) {
        Given.nothing().when(new CreateVolume(volume("data", asked))).then(new VolumeCreated(volume("data", kept)));
    }
}
