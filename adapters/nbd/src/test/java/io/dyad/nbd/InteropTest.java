package io.dyad.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other people's clients as judges. A tool that is not installed fails its test. */
@Tag("interop")
class InteropTest {
    private static final int SIZE_BYTES = 64 << 20;
    @TempDir Path dir;
    private final MemoryExport volume = new MemoryExport(SIZE_BYTES);
    private NbdServer server;
    private String uri;

    @BeforeEach void start() throws IOException {
        server = NbdServer.start(MemoryExport.anyPort(), volume.asExports());
        uri = "nbd://127.0.0.1:" + server.address().getPort() + "/12";
    }

    @AfterEach void stop() throws IOException { server.close(); }

    @Test void qemu_img_converts_an_image_in_and_compares_it_identical() throws Exception {
        var image = sparseImage();
        run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", image.toString(), uri);
        assertThat(run("qemu-img", "compare", "-f", "raw", "-F", "raw", image.toString(), uri)).contains("identical");
        assertThat(volume.content).isEqualTo(Files.readAllBytes(image));
        assertThat(run("qemu-img", "map", "--output=json", "-f", "raw", uri)).contains("\"data\": false");
    }

    @Test void qemu_io_writes_zeroes_trims_flushes_and_verifies() throws Exception {
        run("qemu-io", "-f", "raw", "-c", "write -P 7 0 1M", "-c", "write -f -P 8 1M 64k", "-c", "write -z 64k 64k",
                "-c", "write -zu 128k 64k", "-c", "discard 256k 64k", "-c", "flush", "-c", "read -P 7 0 64k",
                "-c", "read -P 0 64k 128k", "-c", "read -P 0 256k 64k", "-c", "read -P 8 1M 64k", uri);
        assertThat(volume.unflushed).hasValue(0);
        assertThat(volume.flushes.get()).isPositive();
        assertThat(volume.allocated.get(16)).as("zeroes that may not become a hole").isTrue();
        assertThat(volume.allocated.get(32)).as("zeroes that may").isFalse();
    }

    @Test void nbdinfo_sees_flags_sizes_and_the_allocation_map() throws Exception {
        volume.write(8192, java.nio.ByteBuffer.allocate(4096), true);
        assertThat(run("nbdinfo", "--json", uri)).contains("\"export-size\": " + SIZE_BYTES, "\"can_multi_conn\": true",
                "\"can_fast_zero\": true", "\"can_fua\": true", "\"can_df\": true", "\"block_size_minimum\": 4096",
                "\"block_size_preferred\": 4096", "\"block_size_maximum\": 33554432", "base:allocation");
        assertThat(run("nbdinfo", "--map", "--json", uri).replaceAll("\\s", ""))
                .contains("{\"offset\":0,\"length\":8192,\"type\":3", "{\"offset\":8192,\"length\":4096,\"type\":0");
        assertThat(run("nbdinfo", "--list", "--json", uri.substring(0, uri.lastIndexOf('/')))).contains("\"export-name\": \"12\"");
    }

    @Test void nbdcopy_copies_in_and_out_over_several_connections() throws Exception {
        var image = sparseImage();
        run("nbdcopy", "--connections=4", "--flush", image.toString(), uri);
        assertThat(volume.content).isEqualTo(Files.readAllBytes(image));
        var copy = dir.resolve("copy");
        run("nbdcopy", "--connections=4", uri, copy.toString());
        assertThat(Files.mismatch(image, copy)).isEqualTo(-1);
    }

    @Test void fio_verifies_what_it_wrote_at_depth_32() throws Exception {
        run("fio", "--name=v", "--ioengine=nbd", "--uri=" + uri, "--rw=randwrite", "--bs=4k", "--iodepth=32", "--size=16m",
                "--verify=crc32c", "--do_verify=1", "--fsync=64", "--randseed=1", "--output-format=terse");
    }

    @Test void nbdinfo_and_qemu_img_speak_tls() throws Exception {
        var identity = TestIdentity.make(dir);
        try (var secure = NbdServer.start(MemoryExport.anyPort().tls(identity.context()), volume.asExports())) {
            int port = secure.address().getPort();
            assertThat(run("nbdinfo", "--size", "nbds://localhost:" + port + "/12?tls-certificates=" + dir))
                    .contains(String.valueOf(SIZE_BYTES));
            assertThat(run("qemu-img", "info", "--object", "tls-creds-x509,id=t,endpoint=client,dir=" + dir, "--image-opts",
                    "driver=nbd,host=localhost,port=" + port + ",export=12,tls-creds=t")).contains("64 MiB");
        }
    }

    private Path sparseImage() throws IOException {
        var bytes = new byte[SIZE_BYTES];
        var random = new Random(1);
        for (int at = 0; at < SIZE_BYTES; at += 4 << 20) {
            var piece = new byte[1 << 20];
            random.nextBytes(piece);
            System.arraycopy(piece, 0, bytes, at, piece.length);
        }
        return Files.write(dir.resolve("image"), bytes);
    }

    private String run(String... command) throws Exception {
        var out = Files.createTempFile(dir, "out", "");
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command[0]).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(out);
        assertThat(process.exitValue()).as("%s: %s", String.join(" ", command), text).isZero();
        return text;
    }
}
