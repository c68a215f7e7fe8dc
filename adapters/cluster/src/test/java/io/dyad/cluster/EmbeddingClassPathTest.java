package io.dyad.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an embedder gets: this module's test class path holds at least all of its runtime class path. */
@DisplayName("Whoever embeds a cluster")
class EmbeddingClassPathTest {

    private static final String UNWANTED =
            "(?i).*(helidon|jetty|netty|undertow|tomcat|servlet|picocli|progressbar|jline|json-?rpc|dyad-cli|cli/target|testkit).*";

    @Test
    void gets_no_HTTP_server_and_no_command_line() {
        assertThat(jars()).noneMatch(jar -> jar.matches(UNWANTED));
    }

    @Test
    void gets_the_event_store_so_this_is_the_whole_class_path() {
        assertThat(jars()).anyMatch(jar -> jar.matches("h2-.*\\.jar")).anyMatch(jar -> jar.matches("axon-.*\\.jar"));
    }

    @Test
    void would_be_warned_of_a_server_among_the_jars() {
        assertThat(Stream.of("helidon-webserver-4.5.0.jar", "picocli-4.7.7.jar", "json-rpc/target/classes", "cli/target/classes"))
                .allMatch(jar -> jar.matches(UNWANTED));
    }

    /** The jars by name, a module still in its folder by its last three folders. */
    private static List<String> jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                .map(path -> path.toString().endsWith(".jar")
                        ? path.getFileName().toString()
                        : path.subpath(Math.max(0, path.getNameCount() - 3), path.getNameCount()).toString())
                .toList();
    }
}
