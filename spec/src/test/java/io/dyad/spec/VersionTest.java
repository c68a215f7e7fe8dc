package io.dyad.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {

    @Test void orders_by_number_and_not_by_letter() {
        assertThat(Stream.of("10.0", "9.6", "1.0", "12.5", "9.1", "12.3").map(Version::of).sorted())
            .map(Version::toString).containsExactly("1.0", "9.1", "9.6", "10.0", "12.3", "12.5");
    }

    @ParameterizedTest @ValueSource(strings = {"", "1", "1.", ".5", "01.0", "1.0.0", "-1.0", "1,0", "1.0/", "12.50"})
    void refuses_what_is_no_decimal(String text) {
        assertThatThrownBy(() -> Version.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void the_endpoints_run_from_1_0_to_12_5_without_gaps_in_the_known_list() {
        var spec = Spec.load();
        assertThat(spec.versions()).hasSize(47).startsWith(new Version(1, 0)).endsWith(new Version(12, 5));
        assertThat(spec.currentVersion()).hasToString("12.5");
        assertThat(spec.versions()).contains(new Version(12, 3)).doesNotContain(new Version(12, 4));
    }

    @Test void a_method_answers_from_its_since_version_on() {
        var spec = Spec.load();
        assertThat(spec.methodsAt(Version.of("5.1"))).extracting(MethodSpec::name).contains("GetAPI").doesNotContain("ListClusterPairs");
        assertThat(spec.methodsAt(Version.of("6.0"))).extracting(MethodSpec::name).contains("ListClusterPairs").doesNotContain("ListVolumes");
        assertThat(spec.methodsAt(Version.of("12.5"))).hasSize(spec.methods().size()).isSortedAccordingTo((a, b) -> a.name().compareTo(b.name()));
        assertThat(spec.method("ListVolumes", Version.of("7.4"))).isEmpty();
        assertThat(spec.method("ListVolumes", Version.of("8.0"))).isPresent();
    }
}
