package io.dyad.nbd;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client written from the protocol's text, on streams and with its own numbers; every wait ends after ten seconds. */
final class NbdClient implements AutoCloseable {
    static final int GO = 7, INFO = 6, LIST = 3, STARTTLS = 5, STRUCTURED = 8, LIST_META = 9, SET_META = 10, ABORT = 2;
    static final int READ = 0, WRITE = 1, DISC = 2, FLUSH = 3, TRIM = 4, ZEROES = 6, STATUS = 7;
    static final int FUA = 1, NO_HOLE = 2, DF = 4, REQ_ONE = 8, FAST_ZERO = 16;
    private Socket socket;
    DataInputStream in;
    DataOutputStream out;

    record OptionReply(int type, byte[] data) {
        String text() { return new String(data, StandardCharsets.UTF_8); }

        ByteBuffer buffer() { return ByteBuffer.wrap(data); }
    }

    /** A simple reply has chunk type -1. */
    record Reply(int error, boolean done, int chunk, long cookie, byte[] data) {
        ByteBuffer buffer() { return ByteBuffer.wrap(data); }
    }

    private NbdClient(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.connect(address, 10_000);
        streams();
    }

    private void streams() throws IOException {
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    static NbdClient raw(NbdServer server) throws IOException { return new NbdClient(server.address()); }

    /** Past the greeting. */
    static NbdClient greeted(NbdServer server) throws IOException {
        var client = raw(server);
        if (client.in.readLong() != 0x4e42444d41474943L || client.in.readLong() != 0x49484156454f5054L
                || client.in.readUnsignedShort() != 3) throw new IOException("not the greeting");
        client.out.writeInt(3);
        return client;
    }

    static NbdClient simple(NbdServer server, String export) throws IOException {
        var client = greeted(server);
        client.go(export);
        return client;
    }

    static NbdClient structured(NbdServer server, String export) throws IOException {
        var client = greeted(server);
        client.option(STRUCTURED);
        client.option(SET_META, metaQuery(export, "base:allocation"));
        client.go(export);
        return client;
    }

    private void go(String export) throws IOException {
        var replies = option(GO, infoRequest(export));
        if (replies.getLast().type != 1) throw new IOException("GO refused: " + replies.getLast().text());
    }

    static byte[] infoRequest(String name, int... wishes) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        var data = ByteBuffer.allocate(6 + text.length + 2 * wishes.length).putInt(text.length).put(text);
        data.putShort((short) wishes.length);
        for (int wish : wishes) data.putShort((short) wish);
        return data.array();
    }

    static byte[] metaQuery(String export, String... queries) {
        var data = ByteBuffer.allocate(4096);
        byte[] text = export.getBytes(StandardCharsets.UTF_8);
        data.putInt(text.length).put(text).putInt(queries.length);
        for (String query : queries) data.putInt(query.length()).put(query.getBytes(StandardCharsets.UTF_8));
        return java.util.Arrays.copyOf(data.array(), data.position());
    }

    /** All replies to an option: the last is the acknowledgement or the error. */
    List<OptionReply> option(int option, byte... data) throws IOException {
        sendOption(option, data);
        var replies = new ArrayList<OptionReply>();
        while (true) {
            if (in.readLong() != 0x3e889045565a9L || in.readInt() != option) throw new IOException("not a reply to " + option);
            int type = in.readInt();
            replies.add(new OptionReply(type, in.readNBytes(in.readInt())));
            if (type == 1 || type < 0) return replies;
        }
    }

    void sendOption(int option, byte... data) throws IOException {
        send(ByteBuffer.allocate(16 + data.length).putLong(0x49484156454f5054L).putInt(option).putInt(data.length).put(data));
    }

    void startTls(SSLContext context) throws IOException {
        if (option(STARTTLS).getLast().type != 1) throw new IOException("TLS refused");
        var secure = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        secure.startHandshake();
        socket = secure;
        streams();
    }

    /** Sends one request whose cookie is {@code cookie}. */
    void request(int type, int flags, long cookie, long offset, long length, byte... payload) throws IOException {
        send(ByteBuffer.allocate(28 + payload.length).putInt(0x25609513).putShort((short) flags).putShort((short) type)
                .putLong(cookie).putLong(offset).putInt((int) length).put(payload));
    }

    private void send(ByteBuffer bytes) throws IOException { out.write(bytes.array()); }

    /** The next reply; {@code dataBytes} follow a simple one that reports no error. */
    Reply reply(int dataBytes) throws IOException {
        int magic = in.readInt();
        if (magic == 0x67446698) {
            int error = in.readInt();
            long cookie = in.readLong();
            return new Reply(error, true, -1, cookie, error == 0 ? in.readNBytes(dataBytes) : new byte[0]);
        }
        if (magic != 0x668e33ef) throw new IOException("reply magic " + Integer.toHexString(magic));
        boolean done = in.readUnsignedShort() == 1;
        int chunk = in.readUnsignedShort();
        long cookie = in.readLong();
        byte[] data = in.readNBytes(in.readInt());
        return new Reply(chunk >= 1 << 15 ? ByteBuffer.wrap(data).getInt() : 0, done, chunk, cookie, data);
    }

    /** The error code of one request that returns no data. */
    int errorOf(int type, int flags, long offset, long length, byte... payload) throws IOException {
        request(type, flags, 77, offset, length, payload);
        var reply = reply(0);
        if (reply.cookie != 77) throw new IOException("reply to another request");
        return reply.error;
    }

    /** Reads by structured chunks, in whatever pieces they come. */
    byte[] read(long offset, int length) throws IOException {
        request(READ, 0, 5, offset, length);
        var data = new byte[length];
        while (true) {
            var reply = reply(length);
            if (reply.error != 0) throw new IOException("error " + reply.error);
            if (reply.chunk == -1) return reply.data;
            System.arraycopy(reply.data, 8, data, (int) (reply.buffer().getLong() - offset), reply.data.length - 8);
            if (reply.done) return data;
        }
    }

    /** Whether the server closes the connection, now or after what it still sends. */
    boolean isClosedByServer() throws IOException {
        try {
            while (in.read() >= 0) continue;
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override public void close() throws IOException { socket.close(); }
}
