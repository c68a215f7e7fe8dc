package io.dyad.jsonrpc;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes that a fuzzer makes up, guided by which code they reach: parser, validation, dispatcher, methods. {@code mvn -P long} with {@code JAZZER_FUZZ=1} in
 * the environment lets it search; without that it repeats what it has found before.
 */
@Tag("long")
class GuidedSiegeTest {
    @TempDir private static Path dir;
    private static Optional<BesiegedCluster> besieged = Optional.empty();

    @BeforeAll static void open() throws IOException { besieged = Optional.of(BesiegedCluster.open(dir)); }

    @AfterAll static void close() { besieged.ifPresent(BesiegedCluster::close); }

    @FuzzTest(maxDuration = "1m")
    @DictionaryEntries({"{\"method\":\"", "\",\"params\":{", "},\"id\":1}", "ListVolumes", "CreateVolume", "ModifyVolume", "StartVolumePairing", "CompleteVolumePairing", "CompleteClusterPairing",
        "CreateSnapshot", "CloneVolume", "ListEvents", "\"volumeID\":", "\"volumeIDs\":[", "\"accountID\":", "\"totalSize\":", "\"qos\":{", "\"attributes\":{", "\"clusterPairingKey\":\"7b", "1e999", "\\ud800"})
    void no_bytes_are_answered_with_the_inside(byte[] request) { besieged.orElseThrow().ask(request); }
}
