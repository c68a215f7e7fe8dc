package io.dyad.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WireVersionTest {
    @Test void a_newer_source_that_still_speaks_our_version_is_met_there() throws BadFrameException {
        assertThat(WireVersion.common(WireVersion.OLDEST, WireVersion.NEWEST + 5)).isEqualTo(WireVersion.NEWEST);
    }

    @Test void an_older_or_a_newer_source_without_a_version_in_common_is_refused_in_words() {
        assertThatThrownBy(() -> WireVersion.common(0, 1)).isInstanceOf(BadFrameException.class).hasMessageContaining("wire versions 0 to 1");
        assertThatThrownBy(() -> WireVersion.common(WireVersion.NEWEST + 1, WireVersion.NEWEST + 2)).isInstanceOf(BadFrameException.class).hasMessageContaining("this end " + WireVersion.OLDEST);
    }

    @Test void a_target_that_chooses_what_we_do_not_speak_is_refused() {
        assertThatThrownBy(() -> WireVersion.require(1)).isInstanceOf(BadFrameException.class);
        assertThatThrownBy(() -> WireVersion.require(WireVersion.NEWEST + 1)).isInstanceOf(BadFrameException.class);
    }
}
