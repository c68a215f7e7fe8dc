package io.dyad.testkit.kit;

import io.dyad.cluster.Cluster;
import io.dyad.domain.EventLog.Cause;
import io.dyad.jsonrpc.InProcessApi;
import io.dyad.jsonrpc.JsonRpcServer;
import io.dyad.jsonrpc.JsonRpcSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Two real clusters on real files, linked over TLS; opened once for a suite and emptied by the kit between tests. */
final class RealClusters implements AutoCloseable {
    private static final Cause KIT = new Cause("kit", "test");
    private static final String USER = "kit";
    private static final String PASSWORD = "conformance";

    private final Cluster a;
    private final Cluster b;
    private final List<JsonRpcServer> servers = new ArrayList<>();

    /** How the kit asks them. */
    private record Asked(ElementEndpoint a, ElementEndpoint b) implements TwoClusters {
        @Override public Duration patience() { return Duration.ofSeconds(15); }
    }

    RealClusters(Path dir) throws IOException {
        a = open(dir, "one");
        b = open(dir, "other");
    }

    private static Cluster open(Path dir, String name) throws IOException {
        Cluster cluster = Cluster.at(dir.resolve(name)).name(name).mvip("127.0.0.1:" + freePort()).open();
        cluster.admins().set(USER, PASSWORD.toCharArray(), KIT);
        return cluster;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    TwoClusters inProcess() { return new Asked(new InProcessApi(a), new InProcessApi(b)); }

    TwoClusters overHttps() { return new Asked(https(a), https(b)); }

    private ElementEndpoint https(Cluster cluster) {
        String mvip = cluster.info().mvip();
        int port = Integer.parseInt(mvip.substring(mvip.indexOf(':') + 1));
        servers.add(JsonRpcServer.start(cluster, new InetSocketAddress("127.0.0.1", port), JsonRpcSettings.DEFAULT));
        return new HttpsEndpoint(URI.create("https://" + mvip + "/json-rpc/12.5"), USER, PASSWORD, Trust.pinned(cluster.info().certificateFingerprint()));
    }


    @Override public void close() {
        servers.forEach(JsonRpcServer::close);
        a.close();
        b.close();
    }
}
