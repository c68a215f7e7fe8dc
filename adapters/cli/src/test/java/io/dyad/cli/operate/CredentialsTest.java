package io.dyad.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.cli.operate.Credentials.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    private static final Credentials.Prompt NOBODY = what -> Optional.empty();
    @TempDir Path dir;

    @Test void what_is_typed_comes_before_the_file_and_that_before_the_environment() throws IOException {
        Path file = Files.writeString(dir.resolve("f"), "filed:two words \nmore\n");
        Map<String, String> environment = Map.of("DYAD_ADMIN", "all:three", "DYAD_ADMIN_A", "a:four");
        assertThat(Credentials.find(new Sources("typed:o:ne", file, environment, NOBODY), "DYAD_ADMIN")).contains(new Credentials("typed", "o:ne"));
        assertThat(Credentials.find(new Sources(null, file, environment, NOBODY), "DYAD_ADMIN")).contains(new Credentials("filed", "two words"));
        assertThat(Credentials.find(new Sources(null, null, environment, NOBODY), "DYAD_ADMIN_A", "DYAD_ADMIN")).contains(new Credentials("a", "four"));
        assertThat(Credentials.find(new Sources(null, null, environment, NOBODY), "DYAD_ADMIN_B", "DYAD_ADMIN")).contains(new Credentials("all", "three"));
        assertThat(Credentials.find(new Sources(null, null, Map.of(), NOBODY), "DYAD_ADMIN")).isEmpty();
    }

    @Test void a_password_that_is_left_out_is_asked_for() {
        assertThat(Credentials.find(new Sources("root", null, Map.of(), what -> Optional.of(what.equals("Password of root") ? "secret" : "?")))).contains(new Credentials("root", "secret"));
        assertThatThrownBy(() -> Credentials.find(new Sources("root", null, Map.of(), NOBODY))).hasMessage("there is no terminal to ask for the password of root");
        assertThatThrownBy(() -> Credentials.find(new Sources("root", null, Map.of(), what -> Optional.of("")))).hasMessage("the password of root is empty");
    }

    @Test void what_is_no_administrator_is_refused_without_showing_it() {
        assertThatThrownBy(() -> Credentials.find(new Sources(":secret", null, Map.of(), NOBODY))).isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Credentials.find(new Sources("root:", null, Map.of(), NOBODY))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Credentials.find(new Sources(null, dir.resolve("none"), Map.of(), NOBODY))).hasMessageContaining("cannot be read from " + dir.resolve("none"));
        assertThat(new Credentials("root", "secret").toString()).isEqualTo("root");
    }
}
