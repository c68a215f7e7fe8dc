package io.dyad.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.VolumeChange;
import io.dyad.domain.Access;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeExportsTest {
    private static final Cause TEST = new Cause("test", "test");
    private Cluster cluster;
    private VolumeExports exports;
    private VolumeId volume;
    private SnapshotId snapshot;

    @BeforeEach void volumeWithASnapshot(@TempDir Path dir) throws IOException {
        cluster = Cluster.at(dir).open();
        exports = new VolumeExports(cluster);
        volume = cluster.createVolume(NewVolume.of("v", cluster.addAccount("ann", TEST).id(), 1_000_000_000L), TEST).volume().id();
        write(1);
        snapshot = cluster.snapshots().take(volume, new Terms("", false, Optional.empty(), Optional.empty(), Map.of()), false, TEST).snapshot().id();
        write(2);
    }

    @AfterEach void close() { cluster.close(); }

    private void write(int value) throws IOException { cluster.open(volume).write(0, ByteBuffer.allocate(4096).put(0, (byte) value), false); }

    private static int first(Export export) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(4096);
        export.read(0, block);
        return block.get(0);
    }

    private Export open(String which) throws Exception { return exports.open(volume + which); }

    @Test void the_volume_its_point_and_its_snapshots_are_listed() {
        assertThat(exports.names()).containsExactly(volume.toString(), volume + "@now", volume + "@" + snapshot);
    }

    @Test void a_snapshot_is_read_as_it_was_even_when_it_is_deleted_meanwhile() throws Exception {
        Export view = open("@" + snapshot);
        cluster.snapshots().delete(snapshot, TEST);
        assertThat(first(view)).isEqualTo(1);
        assertThat(view.readOnly()).isTrue();
        view.close();
        assertThatThrownBy(() -> open("@" + snapshot)).isInstanceOf(NoSuchExportException.class);
    }

    @Test void now_is_the_moment_the_session_began_whatever_the_access() throws Exception {
        cluster.modifyVolume(volume, VolumeChange.access(Access.LOCKED), TEST);
        Export view = open("@now");
        cluster.modifyVolume(volume, VolumeChange.access(Access.READ_WRITE), TEST);
        write(3);
        assertThat(first(view)).isEqualTo(2);
        view.close();
    }

    @Test void nobody_writes_to_a_view() throws Exception {
        Export view = open("@now");
        assertThatThrownBy(() -> view.write(0, ByteBuffer.allocate(4096), false)).isInstanceOf(NbdException.class);
        assertThatThrownBy(() -> view.zero(0, 4096, false)).isInstanceOf(NbdException.class);
        view.close();
    }

    @Test void what_is_not_there_is_not_opened() {
        assertThatThrownBy(() -> open("@99")).isInstanceOf(NoSuchExportException.class);
        assertThatThrownBy(() -> open("@then")).isInstanceOf(NoSuchExportException.class);
        assertThatThrownBy(() -> exports.open("99@now")).isInstanceOf(NoSuchExportException.class);
    }
}
