package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {
    @Test void the_example_mirrors_a_volume_and_fails_over(@TempDir Path dir) throws Exception {
        assertThat(Mirror.mirror(dir)).isEqualTo("hello, west");
    }

    @Test void the_readme_shows_the_example_that_is_compiled() throws Exception {
        Path module = Path.of("").toAbsolutePath();
        String source = Files.readString(module.resolve("src/test/java/example/Mirror.java")).split("    // example\n")[1].stripTrailing().stripIndent() + "\n";
        assertThat(Files.readString(module.resolve("../../README.md"))).contains("```java\n" + source + "```");
    }
}
