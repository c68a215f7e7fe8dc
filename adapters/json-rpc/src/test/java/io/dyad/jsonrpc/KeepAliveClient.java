package io.dyad.jsonrpc;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.net.ssl.SSLSocket;

/** One connection that is kept, with no more work of its own than HTTP/1.1 asks for. One thread at a time. */
final class KeepAliveClient implements AutoCloseable {
    private static final String LENGTH = "content-length:";
    private final SSLSocket socket;
    private final InputStream in;
    private final String head;

    KeepAliveClient(InetSocketAddress to, String login) throws IOException {
        socket = (SSLSocket) TestTls.trusting().getSocketFactory().createSocket(to.getAddress(), to.getPort());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        head = "POST /json-rpc/12.5 HTTP/1.1\r\nHost: dyad\r\nAuthorization: Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))
            + "\r\nContent-Type: application/json\r\nContent-Length: ";
    }

    /** The body of the answer. */
    byte[] ask(String body) throws IOException {
        socket.getOutputStream().write((head + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
        String status = line();
        if (!status.startsWith("HTTP/1.1 200")) throw new IOException("answered " + status);
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) length = Integer.parseInt(header.substring(LENGTH.length()).strip());
        }
        if (length < 0) throw new IOException("an answer without a length");
        return in.readNBytes(length);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) throw new IOException("the connection ended");
            if (c != '\r') line.append((char) c);
        }
        return line.toString();
    }

    @Override public void close() throws IOException { socket.close(); }
}
