package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.cluster.Cluster;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A real cluster behind its API on a free port of loopback, and a client of it. */
record ServedCluster(Cluster cluster, JsonRpcServer server, Client client) implements AutoCloseable {
    static final String ADMIN = "admin";

    static ServedCluster open(Path dir, String name) throws IOException { return open(dir, name, JsonRpcSettings.DEFAULT); }

    static ServedCluster open(Path dir, String name, JsonRpcSettings settings) throws IOException {
        var cluster = Cluster.at(dir.resolve(name)).name(name).open();
        cluster.admins().set(ADMIN, FakeCluster.PASSWORD.toCharArray(), new Cause("test", "setup"));
        var server = JsonRpcServer.start(cluster, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), settings);
        return new ServedCluster(cluster, server, Client.of(server, TestTls.trusting()));
    }

    int port() { return server.address().getPort(); }

    /** The whole answer of an endpoint to a request as a client spells it, with single quotes. */
    JsonNode exchange(String version, String request) { return client.exchange(version, Client.json(request.replace('\'', '"'))); }

    JsonNode ask(String method, String params) { return client.result(method, (ObjectNode) Client.json(params.replace('\'', '"'))); }

    void write(long volume, long offsetBytes, String block) throws IOException {
        cluster.open(new VolumeId(volume)).write(offsetBytes, ByteBuffer.wrap(padded(block)), true);
    }

    String read(long volume, long offsetBytes) throws IOException {
        var block = ByteBuffer.allocate(4096);
        cluster.open(new VolumeId(volume)).read(offsetBytes, block);
        return new String(block.array(), StandardCharsets.UTF_8).strip();
    }

    /** One block of 4 KiB, ending in spaces. */
    private static byte[] padded(String text) { return text.concat(" ".repeat(4096 - text.length())).getBytes(StandardCharsets.UTF_8); }

    @Override public void close() {
        client.close();
        server.close();
        cluster.close();
    }
}
