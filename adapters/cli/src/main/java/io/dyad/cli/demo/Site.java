package io.dyad.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.cli.operate.ApiClient;
import io.dyad.cli.operate.Credentials;
import io.dyad.cli.operate.Trust;
import io.dyad.cluster.Cluster;
import io.dyad.cluster.VolumeBlocks;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.VolumeId;
import io.dyad.jsonrpc.JsonRpcServer;
import io.dyad.jsonrpc.JsonRpcSettings;
import io.dyad.nbd.NbdOptions;
import io.dyad.nbd.NbdServer;
import io.dyad.nbd.NbdUri;
import io.dyad.nbd.VolumeExports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** One end of the demonstration: a cluster, its API and its volumes on free loopback ports, a client of that API, and the one volume it is about. */
final class Site implements AutoCloseable {
    private static final String ADMIN = "admin";
    private final String name;
    private final Cluster cluster;
    private final JsonRpcServer server;
    private final NbdServer disks;
    private final ApiClient api;
    private final AtomicLong volume = new AtomicLong();

    private Site(String name, Cluster cluster, JsonRpcServer server, NbdServer disks, ApiClient api) {
        this.name = name;
        this.cluster = cluster;
        this.server = server;
        this.disks = disks;
        this.api = api;
    }

    /** The port is held until the server takes it: the cluster has to know its address when it opens. */
    static Site open(String name, Path dir) throws IOException {
        Cluster cluster;
        InetSocketAddress address;
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            address = new InetSocketAddress(held.getInetAddress(), held.getLocalPort());
            cluster = Cluster.at(dir).name(name).mvip("127.0.0.1:" + address.getPort()).open();
        }
        try {
            String password = HexFormat.of().toHexDigits(UUID.randomUUID().getMostSignificantBits());
            cluster.admins().set(ADMIN, password.toCharArray(), new Cause("demo", "start"));
            JsonRpcServer server = JsonRpcServer.start(cluster, address, JsonRpcSettings.DEFAULT.withDrain(Duration.ofSeconds(1)));
            URI endpoint = URI.create("https://127.0.0.1:" + address.getPort() + "/json-rpc/12.5");
            NbdServer disks = NbdServer.start(NbdOptions.on(new InetSocketAddress(address.getAddress(), 0)), new VolumeExports(cluster));
            return new Site(name, cluster, server, disks, new ApiClient(endpoint, Trust.in(Set.of(cluster.info().certificateFingerprint())), new Credentials(ADMIN, password)));
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    String name() { return name; }

    ApiClient api() { return api; }

    Cluster cluster() { return cluster; }

    /** Makes an account and a readWrite volume in it, and answers the volume's real size. */
    long createVolume(String volumeName, long sizeBytes) {
        long account = api.call("AddAccount", Map.of("username", "demo")).path("accountID").asLong();
        JsonNode made = api.call("CreateVolume", Map.of("name", volumeName, "accountID", account, "totalSize", sizeBytes, "enable512e", false));
        volume.set(made.path("volumeID").asLong());
        return made.at("/volume/totalSize").asLong();
    }

    long volumeId() { return volume.get(); }

    void access(String access) { api.call("ModifyVolume", Map.of("volumeID", volumeId(), "access", access)); }

    /** Where hosts find it. */
    NbdUri volume() { return NbdUri.of(disks.address(), volumeId()); }

    VolumeBlocks blocks() { return cluster.open(new VolumeId(volumeId())); }

    Optional<VolumeInfo.Pair> pair() { return cluster.volume(new VolumeId(volumeId())).flatMap(VolumeInfo::pair); }

    /** What the other end lacks has this age, as GetVolumeStats words it; "null" when unpaired. */
    String asyncDelay() { return api.call("GetVolumeStats", Map.of("volumeID", volumeId())).at("/volumeStats/asyncDelay").asText(); }

    String clusterPairStatus() { return api.call("ListClusterPairs", Map.of()).at("/clusterPairs/0/status").asText("unpaired"); }

    @Override public void close() {
        api.close();
        try {
            disks.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            server.close();
            cluster.close();
        }
    }
}
