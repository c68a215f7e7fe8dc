package io.dyad.replication.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.domain.RefusedException;
import io.dyad.replication.Terms;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairTermsTest {
    @Test void what_a_volume_says_goes_before_what_its_cluster_says() {
        Terms cluster = new Terms(true, 5_000_000_000L, 1000);
        assertThat(PairTerms.of(Map.of("colour", "blue"), cluster)).isEqualTo(cluster);
        assertThat(PairTerms.of(Map.of("dyad.syncStrict", false, "dyad.syncTimeoutSeconds", 2.5, "dyad.rateBytesPerSecond", "77"), cluster))
            .isEqualTo(new Terms(false, 2_500_000_000L, 77));
    }

    @ParameterizedTest @CsvSource({"dyad.syncStrict,maybe,true or false", "dyad.syncTimeoutSeconds,0,at least", "dyad.syncTimeoutSeconds,soon,a number",
        "dyad.rateBytesPerSecond,-1,at least", "dyad.rateBytesPerSecond,NaN,at least", "dyad.rate,5,not known"})
    void what_means_nothing_is_refused_in_words(String key, String value, String words) {
        assertThatThrownBy(() -> PairTerms.check(Map.of(key, value))).isInstanceOf(RefusedException.class).hasMessageContaining(key).hasMessageContaining(words);
    }
}
