package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.solidfire.client.ElementFactory;
import com.solidfire.element.api.AddAccountRequest;
import com.solidfire.element.api.CreateVolumeRequest;
import com.solidfire.element.api.ModifyVolumeRequest;
import com.solidfire.element.api.PairedCluster;
import com.solidfire.element.api.SolidFireElement;
import com.solidfire.element.api.VolumePair;
import com.solidfire.jsvcgen.client.ApiServerException;
import com.solidfire.jsvcgen.javautil.Optional;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vendor's own Java client, a judge that knows nothing of Dyad, pairs two live clusters with all nine methods. */
@Timeout(120)
class VendorSdkPairingTest {
    private static final long SIZE = 1_000_341_504L;
    @TempDir private Path dir;
    private ServedCluster east;
    private ServedCluster west;
    private SolidFireElement here;
    private SolidFireElement there;

    @BeforeEach void connect() throws IOException {
        east = ServedCluster.open(dir, "east");
        west = ServedCluster.open(dir, "west");
        here = sdk(east);
        there = sdk(west);
    }

    @AfterEach void close() {
        east.close();
        west.close();
    }

    static SolidFireElement sdk(ServedCluster cluster) {
        return ElementFactory.create("127.0.0.1", cluster.port(), ServedCluster.ADMIN, FakeCluster.PASSWORD, false);
    }

    static long volume(SolidFireElement sdk, String name) {
        long account = sdk.addAccount(AddAccountRequest.builder().username("owner of " + name).build()).getAccountID();
        return sdk.createVolume(CreateVolumeRequest.builder().name(name).accountID(account).totalSize(SIZE).enable512e(false).build()).getVolumeID();
    }

    static void access(SolidFireElement sdk, long volume, String access) {
        assertThat(sdk.modifyVolume(ModifyVolumeRequest.builder().volumeID(volume).optionalAccess(access).build()).getVolume().getAccess()).isEqualTo(access);
    }

    private void pairClusters() {
        var started = here.startClusterPairing();
        assertThat(here.listClusterPairs().getClusterPairs()[0].getStatus()).isEqualTo("Unconfigured");
        there.completeClusterPairing(started.getClusterPairingKey());
        GivenState.until(() -> onlyPair(here).getStatus().equals("Connected") && onlyPair(there).getStatus().equals("Connected"));
    }

    private static PairedCluster onlyPair(SolidFireElement sdk) {
        PairedCluster[] pairs = sdk.listClusterPairs().getClusterPairs();
        assertThat(pairs).hasSize(1);
        return pairs[0];
    }

    private static VolumePair pair(SolidFireElement sdk) { return sdk.listActivePairedVolumes().getVolumes()[0].getVolumePairs()[0]; }

    private static String state(SolidFireElement sdk) { return pair(sdk).getRemoteReplication().getState(); }

    private void until(String stateHere, String stateThere) { GivenState.until(() -> state(here).equals(stateHere) && state(there).equals(stateThere)); }

    @Test void clusters_pair_and_part() {
        pairClusters();
        assertThat(onlyPair(here).getClusterPairUUID()).isEqualTo(onlyPair(there).getClusterPairUUID());
        assertThat(onlyPair(here).getClusterName()).isEqualTo(there.getClusterInfo().getClusterInfo().getName()).isEqualTo("west");
        assertThat(onlyPair(there).getMvip()).isEqualTo(here.getClusterInfo().getClusterInfo().getMvip());
        here.removeClusterPair(onlyPair(here).getClusterPairID());
        assertThat(here.listClusterPairs().getClusterPairs()).isEmpty();
        GivenState.until(() -> onlyPair(there).getStatus().equals("Misconfigured"));
        there.removeClusterPair(onlyPair(there).getClusterPairID());
        assertThat(there.listClusterPairs().getClusterPairs()).isEmpty();
    }

    @ParameterizedTest @ValueSource(strings = {"Async", "Sync", "SnapshotsOnly"})
    void volumes_pair_in_each_mode(String mode) {
        pairClusters();
        long source = volume(here, "source");
        long target = volume(there, "target");
        access(there, target, "replicationTarget");
        String key = here.startVolumePairing(source, Optional.of(mode)).getVolumePairingKey();
        assertThat(state(here)).isEqualTo("Unconfigured");
        there.completeVolumePairing(key, target);
        String settled = mode.equals("SnapshotsOnly") ? "Idle" : "Active";
        until(settled, settled);
        assertThat(pair(here).getRemoteReplication().getMode()).isEqualTo(mode);
        assertThat(pair(here).getVolumePairUUID()).isEqualTo(pair(there).getVolumePairUUID());
        assertThat(pair(here).getRemoteVolumeID()).isEqualTo(target);
        assertThat(pair(here).getRemoteVolumeName()).isEqualTo("target");
        assertThat(pair(here).getRemoteReplication().getPauseLimit()).isEqualTo(3_145_728_000L);
        here.removeVolumePair(source);
        assertThat(here.listActivePairedVolumes().getVolumes()).isEmpty();
        GivenState.until(() -> state(there).equals("StoppedMisconfigured"));
        there.removeVolumePair(target);
        assertThat(there.listActivePairedVolumes().getVolumes()).isEmpty();
    }

    @Test void data_arrives_is_held_by_a_pause_and_flows_back_after_a_failover() throws IOException {
        pairClusters();
        long source = volume(here, "source");
        long target = volume(there, "target");
        access(there, target, "replicationTarget");
        east.write(source, 0, "before the pairing");
        there.completeVolumePairing(here.startVolumePairing(source, Optional.of("Async")).getVolumePairingKey(), target);
        until("Active", "Active");
        assertThat(target(target, 0)).isEqualTo("before the pairing");

        here.modifyVolumePair(source, Optional.of(true), Optional.empty());
        until("PausedManual", "PausedManualRemote");
        east.write(source, 8192, "during the pause");
        assertThat(target(target, 8192)).doesNotContain("during");
        here.modifyVolumePair(source, Optional.of(false), Optional.of("Sync"));
        until("Active", "Active");
        assertThat(pair(there).getRemoteReplication().getMode()).isEqualTo("Sync");
        assertThat(target(target, 8192)).isEqualTo("during the pause");

        access(here, source, "replicationTarget");
        access(there, target, "readWrite");
        until("Active", "Active");
        west.write(target, 16384, "the other way");
        access(there, target, "replicationTarget");
        access(here, source, "readWrite");
        until("Active", "Active");
        assertThat(east.read(source, 16384)).isEqualTo("the other way");
    }

    /** What the target holds, read as an operator reads it: from its consistent point. */
    private String target(long volume, long offsetBytes) throws IOException {
        try (var view = west.cluster().snapshots().now(new VolumeId(volume))) {
            var block = ByteBuffer.allocate(4096);
            view.read(offsetBytes, block);
            return new String(block.array(), StandardCharsets.UTF_8).strip();
        }
    }

    @Test void every_refusal_arrives_with_its_name() {
        pairClusters();
        long source = volume(here, "source");
        long target = volume(there, "target");
        refused("xInvalidKey", () -> there.completeClusterPairing("00"));
        refused("xInvalidPairingKey", () -> there.completeVolumePairing("zz", target));
        refused("xVolumeNotPaired", () -> here.modifyVolumePair(source, Optional.of(true), Optional.empty()));
        refused("xVolumeIDDoesNotExist", () -> here.startVolumePairing(999L, Optional.empty()));
        refused("xPairingDoesNotExist", () -> here.removeClusterPair(99L));
        refused("xUnrecognizedEnumString", () -> here.startVolumePairing(source, Optional.of("Sideways")));
        refused("xPairingAlreadyExists", () -> there.completeClusterPairing(here.startClusterPairing().getClusterPairingKey()));
        there.completeVolumePairing(here.startVolumePairing(source, Optional.empty()).getVolumePairingKey(), target);
        refused("xVolumeAlreadyPaired", () -> here.startVolumePairing(source, Optional.empty()));
        refused("xClusterPairInUse", () -> here.removeClusterPair(here.listClusterPairs().getClusterPairs()[0].getClusterPairID()));
        here.removeVolumePair(source);
        here.removeVolumePair(source);
    }

    static void refused(String name, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ApiServerException.class, e -> {
            assertThat(e.getName()).isEqualTo(name);
            assertThat(e.getCode()).isEqualTo("500");
        });
    }
}
