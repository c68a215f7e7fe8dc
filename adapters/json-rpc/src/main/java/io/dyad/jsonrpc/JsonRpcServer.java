package io.dyad.jsonrpc;

import io.dyad.cluster.Admins;
import io.dyad.cluster.Admins.AdminInfo;
import io.dyad.cluster.Cluster;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The HTTPS server of a cluster's Element API, under the cluster's own certificate (TLS 1.2 and 1.3).
 * Closing it leaves the cluster open: calls under way get their answer within {@link JsonRpcSettings#drain}.
 */
public final class JsonRpcServer implements AutoCloseable {
    private final WebServer http;
    private final InetSocketAddress address;
    private final AutoCloseable watch;
    private final SlowClients clients;

    private JsonRpcServer(WebServer http, InetSocketAddress asked, AutoCloseable watch, SlowClients clients) {
        this.http = http;
        this.watch = watch;
        this.clients = clients;
        this.address = new InetSocketAddress(asked.getAddress(), http.port());
    }

    /** Port 0 takes a free one. */
    public static JsonRpcServer start(Cluster cluster, InetSocketAddress address, JsonRpcSettings settings) {
        Admins admins = cluster.admins();
        var logins = new Logins((username, password) -> admins.authenticate(username, password).map(AdminInfo::access));
        AutoCloseable watch = admins.onChange(logins::forget);
        var clients = new SlowClients(settings.readTimeout());
        var endpoint = new Endpoint(new Dispatcher(MethodTable.of(cluster)), logins, clients, settings);
        WebServer http = WebServer.builder()
            .bindAddress(address)
            .tls(Tls.builder().sslContext(cluster.tls()).enabledProtocols(List.of("TLSv1.3", "TLSv1.2")).build())
            .addProtocol(Http1Config.create())
            .routing(routes -> routes.any(endpoint))
            .maxTcpConnections(settings.maxConnections())
            .useNio(false)
            .connectionOptions(SilenceLimit.of(settings.readTimeout(), clients::connected))
            .shutdownGracePeriod(settings.drain())
            .shutdownHook(false)
            .build();
        return new JsonRpcServer(http.start(), address, watch, clients);
    }

    /** Where it listens, with the port it got. */
    public InetSocketAddress address() { return address; }

    @Override public void close() {
        http.stop();
        clients.close();
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException("the admins did not let go", e);
        }
    }
}
