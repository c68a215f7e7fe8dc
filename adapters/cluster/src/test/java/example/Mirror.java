package example;

import io.dyad.cluster.Cluster;
import io.dyad.cluster.NewVolume;
import io.dyad.cluster.VolumeChange;
import io.dyad.domain.Access;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Mode;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The example of the README: two clusters in one process, a volume mirrored between them, a failover. */
final class Mirror {
    private Mirror() { }

    // example
    static String mirror(Path dir) throws Exception {
        Cause me = new Cause("example", "mirror");
        try (Cluster east = Cluster.at(dir.resolve("east")).open(); Cluster west = Cluster.at(dir.resolve("west")).open()) {
            west.completeClusterPairing(east.startClusterPairing(me).clusterPairingKey(), me);

            var source = east.createVolume(NewVolume.of("db", east.addAccount("shop", me).id(), 1L << 30), me).volume().id();
            var target = west.createVolume(NewVolume.of("db", west.addAccount("shop", me).id(), 1L << 30).withAccess(Access.REPLICATION_TARGET), me).volume().id();
            west.completeVolumePairing(target, east.startVolumePairing(source, Mode.ASYNC, me), me);

            east.open(source).write(4096, ByteBuffer.wrap("hello, west".getBytes()), true);       // true: durable when it returns
            while (!east.volume(source).orElseThrow().pair().orElseThrow().state().equals("Active")) Thread.sleep(10);

            east.modifyVolume(source, VolumeChange.access(Access.REPLICATION_TARGET), me);         // a fence: what was acknowledged drains first
            west.modifyVolume(target, VolumeChange.access(Access.READ_WRITE), me);                 // the other way round from here on
            ByteBuffer read = ByteBuffer.allocate(11);
            west.open(target).read(4096, read);
            return new String(read.array());
        }
    }
    // example
}
