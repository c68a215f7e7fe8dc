package io.dyad.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A host's end of one NBD export, with simple replies; one thread. Requests may be in flight together. */
final class NbdDisk implements AutoCloseable {
    static final int READ = 0, WRITE = 1, FLUSH = 3;
    static final int FUA = 1;
    private static final long GREETING = 0x4e42444d41474943L, OPTION = 0x49484156454f5054L, OPTION_REPLY = 0x3e889045565a9L;
    private static final int GO = 7, ACK = 1, REQUEST = 0x25609513, REPLY = 0x67446698;
    private static final int TIMEOUT_MS = 60_000;
    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Throws when the export is refused, too. */
    NbdDisk(InetSocketAddress server, long volume) throws IOException {
        socket.setTcpNoDelay(true);
        try {
            socket.connect(server, TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
            go(Long.toString(volume).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void go(byte[] name) throws IOException {
        if (in.readLong() != GREETING || in.readLong() != OPTION) throw new IOException("not an NBD server");
        in.readUnsignedShort();
        out.writeInt(3);
        out.writeLong(OPTION);
        out.writeInt(GO);
        out.writeInt(6 + name.length);
        out.writeInt(name.length);
        out.write(name);
        out.writeShort(0);
        out.flush();
        while (true) {
            if (in.readLong() != OPTION_REPLY || in.readInt() != GO) throw new IOException("not a reply to GO");
            int type = in.readInt();
            byte[] about = in.readNBytes(in.readInt());
            if (type == ACK) return;
            if (type < 0) throw new IOException("refused: " + new String(about, StandardCharsets.UTF_8));
        }
    }

    /** Sends a request without waiting; {@code payload} is empty but for a write. */
    void request(int type, int flags, long cookie, long offsetBytes, int length, ByteBuffer payload) throws IOException {
        out.writeInt(REQUEST);
        out.writeShort(flags);
        out.writeShort(type);
        out.writeLong(cookie);
        out.writeLong(offsetBytes);
        out.writeInt(length);
        out.write(payload.array(), payload.position(), payload.remaining());
    }

    /** The cookie of the next request that is answered well; its data, if any, is still to be read. */
    long answered() throws IOException {
        out.flush();
        if (in.readInt() != REPLY) throw new IOException("not a simple reply");
        int error = in.readInt();
        long cookie = in.readLong();
        if (error != 0) throw new RequestFailedException(error);
        return cookie;
    }

    void flush() throws IOException {
        request(FLUSH, 0, 0, 0, 0, ByteBuffer.allocate(0));
        answered();
    }

    ByteBuffer read(long offsetBytes, int length) throws IOException {
        request(READ, 0, 0, offsetBytes, length, ByteBuffer.allocate(0));
        answered();
        return ByteBuffer.wrap(in.readNBytes(length));
    }

    @Override public void close() throws IOException { socket.close(); }

    /** The server answered with an error, in its own numbers. */
    static final class RequestFailedException extends IOException {
        RequestFailedException(int error) { super("error " + error); }
    }
}
