package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.solidfire.element.api.AddAccountRequest;
import com.solidfire.element.api.AddClusterAdminRequest;
import com.solidfire.element.api.CHAPSecret;
import com.solidfire.element.api.CloneMultipleVolumeParams;
import com.solidfire.element.api.CloneMultipleVolumesRequest;
import com.solidfire.element.api.CloneVolumeRequest;
import com.solidfire.element.api.CreateGroupSnapshotRequest;
import com.solidfire.element.api.CreateSnapshotRequest;
import com.solidfire.element.api.CreateVolumeAccessGroupRequest;
import com.solidfire.element.api.ListClusterFaultsRequest;
import com.solidfire.element.api.ListEventsRequest;
import com.solidfire.element.api.ListVolumesRequest;
import com.solidfire.element.api.ModifyAccountRequest;
import com.solidfire.element.api.ModifyClusterAdminRequest;
import com.solidfire.element.api.ModifyVolumeRequest;
import com.solidfire.element.api.QoS;
import com.solidfire.element.api.RollbackToGroupSnapshotRequest;
import com.solidfire.element.api.RollbackToSnapshotRequest;
import com.solidfire.element.api.SolidFireElement;
import com.solidfire.element.api.Volume;
import com.solidfire.jsvcgen.javautil.Optional;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The vendor's own Java client asks one live cluster for everything else it knows: the answers parse, and are true. */
@Timeout(120)
class VendorSdkTest {
    @TempDir private Path dir;
    private ServedCluster cluster;
    private SolidFireElement sdk;
    private long volume;

    @BeforeEach void connect() throws IOException {
        cluster = ServedCluster.open(dir, "east");
        sdk = VendorSdkPairingTest.sdk(cluster);
        volume = VendorSdkPairingTest.volume(sdk, "data");
    }

    @AfterEach void close() { cluster.close(); }

    @Test void the_cluster_tells_what_it_is() {
        var about = sdk.getClusterInfo().getClusterInfo();
        assertThat(about.getName()).isEqualTo("east");
        assertThat(about.getUuid()).isEqualTo(cluster.cluster().info().uuid());
        assertThat(about.getUniqueID()).isEqualTo(cluster.cluster().info().uniqueId());
        assertThat(sdk.getClusterVersionInfo().getClusterAPIVersion()).isEqualTo("12.5");
        assertThat(sdk.getAPI().getSupportedVersions()).contains(8.0, 12.5);
        var limits = sdk.getLimits();
        assertThat(limits.getClusterPairsCountMax()).isEqualTo(4);
        assertThat(limits.getSnapshotsPerVolumeMax()).isEqualTo(32);
        assertThat(limits.getVolumesPerAccountCountMax()).isEqualTo(2000);
    }

    @Test void an_account_lives() {
        long id = sdk.addAccount(AddAccountRequest.builder().username("shop").optionalInitiatorSecret(new CHAPSecret("aaaabbbbcccc"))
            .optionalTargetSecret(new CHAPSecret("ddddeeeeffff")).optionalAttributes(Map.of("tier", "gold")).build()).getAccountID();
        var account = sdk.getAccountByName("shop").getAccount();
        assertThat(account.getAccountID()).isEqualTo(id);
        assertThat(account.getInitiatorSecret().get().getSecret()).isEqualTo("aaaabbbbcccc");
        assertThat(account.getAttributes().get()).containsEntry("tier", "gold");
        sdk.modifyAccount(ModifyAccountRequest.builder().accountID(id).optionalUsername("store").optionalInitiatorSecret(new CHAPSecret("gggghhhhiiii")).build());
        var changed = sdk.getAccountByID(id).getAccount();
        assertThat(changed.getUsername()).isEqualTo("store");
        assertThat(changed.getInitiatorSecret().get().getSecret()).isEqualTo("gggghhhhiiii");
        assertThat(changed.getTargetSecret().get().getSecret()).isEqualTo("ddddeeeeffff");
        assertThat(sdk.listAccounts(Optional.empty(), Optional.of(1L)).getAccounts()).hasSize(1);
        long made = sdk.addAccount(AddAccountRequest.builder().username("other").optionalInitiatorSecret(CHAPSecret.autoGenerate()).build()).getAccountID();
        assertThat(sdk.getAccountByID(made).getAccount().getInitiatorSecret().get().getSecret()).hasSizeBetween(12, 16);
        sdk.removeAccount(id);
        VendorSdkPairingTest.refused("xUnknownAccount", () -> sdk.getAccountByID(id));
        VendorSdkPairingTest.refused("xUnknownAccount", () -> sdk.getAccountByName("store"));
    }

    @Test void a_volume_changes_grows_is_deleted_restored_and_purged() {
        var changed = sdk.modifyVolume(ModifyVolumeRequest.builder().volumeID(volume).optionalTotalSize(2_000_000_000L)
            .optionalQos(QoS.builder().optionalMinIOPS(100L).optionalMaxIOPS(200L).optionalBurstIOPS(300L).build()).optionalAttributes(Map.of("a", "b")).build()).getVolume();
        assertThat(changed.getTotalSize()).isEqualTo(2_000_683_008L);
        assertThat(changed.getQos().getMinIOPS()).isEqualTo(100);
        assertThat(changed.getQos().getCurve()).containsEntry("4096", 100L);
        assertThat(changed.getAttributes()).containsEntry("a", "b");
        assertThat(changed.getVolumePairs()).isEmpty();
        assertThat(only(sdk.listVolumes(ListVolumesRequest.builder().optionalIsPaired(false).optionalStartVolumeID(volume).optionalLimit(1L).build()).getVolumes()).getName()).isEqualTo("data");
        assertThat(only(sdk.listVolumesForAccount(changed.getAccountID(), Optional.empty(), Optional.empty()).getVolumes())).isEqualTo(changed);
        sdk.deleteVolume(volume);
        assertThat(sdk.listActiveVolumes(Optional.empty(), Optional.empty()).getVolumes()).isEmpty();
        assertThat(only(sdk.listDeletedVolumes().getVolumes()).getStatus()).isEqualTo("deleted");
        sdk.restoreDeletedVolume(volume);
        assertThat(only(sdk.listActiveVolumes(Optional.of(volume), Optional.of(1L)).getVolumes()).getStatus()).isEqualTo("active");
        sdk.deleteVolume(volume);
        sdk.purgeDeletedVolume(volume);
        assertThat(sdk.listDeletedVolumes().getVolumes()).isEmpty();
    }

    private static Volume only(Volume[] volumes) {
        assertThat(volumes).hasSize(1);
        return volumes[0];
    }

    @Test void a_snapshot_brings_back_what_was_there() throws IOException {
        cluster.write(volume, 0, "first");
        long id = sdk.createSnapshot(CreateSnapshotRequest.builder().volumeID(volume).optionalName("nightly").optionalRetention("26:00:00").build()).getSnapshotID();
        var snapshot = sdk.listSnapshots(Optional.of(volume)).getSnapshots()[0];
        assertThat(snapshot.getName()).isEqualTo("nightly");
        assertThat(snapshot.getStatus()).isEqualTo("done");
        assertThat(snapshot.getTotalSize()).isEqualTo(1_000_341_504L);
        assertThat(snapshot.getExpirationTime()).isNotNull();
        cluster.write(volume, 0, "second");
        sdk.rollbackToSnapshot(RollbackToSnapshotRequest.builder().volumeID(volume).snapshotID(id).saveCurrentState(true).optionalName("before").build());
        GivenState.until(() -> reads(volume, "first"));
        assertThat(sdk.listSnapshots(Optional.empty()).getSnapshots()).extracting(s -> s.getName()).containsExactlyInAnyOrder("nightly", "before");
        sdk.modifySnapshot(id, Optional.of("2030-01-01T00:00:00Z"), Optional.of(true));
        sdk.deleteSnapshot(id);
        VendorSdkPairingTest.refused("xSnapshotIDDoesNotExist", () -> sdk.deleteSnapshot(id));
    }

    private boolean reads(long id, String content) {
        try {
            return cluster.read(id, 0).equals(content);
        } catch (IOException suspended) {
            return false;
        }
    }

    @Test void a_group_is_cut_rolled_back_and_cloned_as_one() throws IOException {
        long other = VendorSdkPairingTest.volume(sdk, "log");
        cluster.write(volume, 0, "first");
        cluster.write(other, 0, "first");
        var group = sdk.createGroupSnapshot(CreateGroupSnapshotRequest.builder().volumes(new Long[] {volume, other}).optionalName("both").build());
        assertThat(group.getMembers()).hasSize(2);
        var listed = sdk.listGroupSnapshots(Optional.empty()).getGroupSnapshots()[0];
        assertThat(listed.getGroupSnapshotID()).isEqualTo(group.getGroupSnapshotID());
        assertThat(listed.getMembers()).extracting(m -> m.getVolumeID()).containsExactlyInAnyOrder(volume, other);
        cluster.write(volume, 0, "second");
        cluster.write(other, 0, "second");
        var clones = sdk.cloneMultipleVolumes(CloneMultipleVolumesRequest.builder().optionalGroupSnapshotID(group.getGroupSnapshotID()).volumes(new CloneMultipleVolumeParams[] {
            CloneMultipleVolumeParams.builder().volumeID(volume).optionalName("data copy").build(), CloneMultipleVolumeParams.builder().volumeID(other).build()}).build());
        sdk.rollbackToGroupSnapshot(RollbackToGroupSnapshotRequest.builder().groupSnapshotID(group.getGroupSnapshotID()).saveCurrentState(false).build());
        GivenState.until(() -> reads(volume, "first") && reads(other, "first"));
        for (var member : clones.getMembers()) GivenState.until(() -> reads(member.getVolumeID(), "first"));
        sdk.modifyGroupSnapshot(group.getGroupSnapshotID(), Optional.of("2030-01-01T00:00:00Z"), Optional.empty());
        sdk.deleteGroupSnapshot(group.getGroupSnapshotID(), false);
        assertThat(sdk.listGroupSnapshots(Optional.empty()).getGroupSnapshots()).isEmpty();
    }

    @Test void a_clone_tells_how_far_it_is_and_holds_the_data() throws IOException {
        cluster.write(volume, 4096, "cloned");
        var clone = sdk.cloneVolume(CloneVolumeRequest.builder().volumeID(volume).name("copy").optionalNewSize(2_000_683_008L).build());
        GivenState.until(() -> sdk.getAsyncResult(clone.getAsyncHandle()).getStatus().equals("complete"));
        VendorSdkPairingTest.refused("xAsyncHandleDoesNotExist", () -> sdk.getAsyncResult(clone.getAsyncHandle()));
        assertThat(cluster.read(clone.getVolumeID(), 4096)).isEqualTo("cloned");
        assertThat(only(sdk.listActiveVolumes(Optional.of(clone.getVolumeID()), Optional.empty()).getVolumes()).getTotalSize()).isEqualTo(2_000_683_008L);
    }

    @Test void an_access_group_takes_in_and_lets_go() {
        long id = sdk.createVolumeAccessGroup(CreateVolumeAccessGroupRequest.builder().name("hosts").optionalInitiators(new String[] {"iqn.1993-08.org.debian:01:a"})
            .optionalVolumes(new Long[] {volume}).build()).getVolumeAccessGroupID();
        sdk.addInitiatorsToVolumeAccessGroup(id, new String[] {"iqn.1993-08.org.debian:01:b"});
        sdk.removeVolumesFromVolumeAccessGroup(id, new Long[] {volume});
        var group = sdk.listVolumeAccessGroups(Optional.empty(), Optional.empty()).getVolumeAccessGroups()[0];
        assertThat(group.getInitiators()).hasSize(2);
        assertThat(group.getVolumes()).isEmpty();
        sdk.addVolumesToVolumeAccessGroup(id, new Long[] {volume});
        assertThat(sdk.getVolumeStats(volume).getVolumeStats().getVolumeAccessGroups()).containsExactly(id);
        sdk.removeInitiatorsFromVolumeAccessGroup(id, new String[] {"iqn.1993-08.org.debian:01:a"});
        sdk.deleteVolumeAccessGroup(id);
        assertThat(sdk.listVolumeAccessGroups(Optional.empty(), Optional.empty()).getVolumeAccessGroups()).isEmpty();
    }

    @Test void what_was_written_is_counted_everywhere() throws IOException {
        cluster.write(volume, 0, "counted");
        var stats = sdk.getVolumeStats(volume).getVolumeStats();
        assertThat(stats.getWriteOps()).isEqualTo(1);
        assertThat(stats.getWriteBytes()).isEqualTo(4096);
        assertThat(stats.getNonZeroBlocks()).isEqualTo(1);
        assertThat(stats.getAsyncDelay().isPresent()).isFalse();
        assertThat(sdk.listVolumeStatsByVolume().getVolumeStats()[0].getWriteBytes()).isEqualTo(4096);
        assertThat(sdk.listVolumeStatsByAccount().getVolumeStats()[0].getWriteBytes()).isEqualTo(4096);
        assertThat(sdk.getClusterStats().getClusterStats().getWriteBytes()).isEqualTo(4096);
        assertThat(sdk.getClusterCapacity().getClusterCapacity().getProvisionedSpace()).isEqualTo(1_000_341_504L);
        assertThat(sdk.getClusterFullThreshold().getFullness()).isNotEmpty();
    }

    @Test void an_admin_lives() {
        long id = sdk.addClusterAdmin(AddClusterAdminRequest.builder().username("watcher").password("seen").access(new String[] {"reporting"}).optionalAcceptEula(true).build()).getClusterAdminID();
        assertThat(sdk.getCurrentClusterAdmin().getClusterAdmin().getUsername()).isEqualTo(ServedCluster.ADMIN);
        sdk.modifyClusterAdmin(ModifyClusterAdminRequest.builder().clusterAdminID(id).optionalAccess(new String[] {"read", "volumes"}).build());
        var admin = Arrays.stream(sdk.listClusterAdmins().getClusterAdmins()).filter(a -> a.getClusterAdminID() == id).findFirst().orElseThrow();
        assertThat(admin.getAccess()).containsExactlyInAnyOrder("read", "volumes");
        sdk.removeClusterAdmin(id);
        assertThat(sdk.listClusterAdmins().getClusterAdmins()).hasSize(1);
    }

    @Test void events_and_faults_are_told_and_what_there_is_none_of_is_empty() {
        var events = sdk.listEvents(ListEventsRequest.builder().optionalMaxEvents(2L).build()).getEvents();
        assertThat(events).hasSize(2);
        assertThat(events[0].getEventID()).isGreaterThan(events[1].getEventID());
        assertThat(sdk.listClusterFaults(ListClusterFaultsRequest.builder().optionalFaultTypes("current").build()).getFaults()).isEmpty();
        assertThat(sdk.listActiveNodes().getNodes()).hasSize(1);
        assertThat(sdk.listAllNodes().getPendingNodes()).isEmpty();
        assertThat(sdk.listPendingNodes().getPendingNodes()).isEmpty();
        assertThat(sdk.listNodeStats().getNodeStats().getNodes()).hasSize(1);
        assertThat(sdk.listDrives().getDrives()).isEmpty();
        assertThat(sdk.listISCSISessions().getSessions()).isEmpty();
        assertThat(sdk.listBulkVolumeJobs().getBulkVolumeJobs()).isEmpty();
    }
}
