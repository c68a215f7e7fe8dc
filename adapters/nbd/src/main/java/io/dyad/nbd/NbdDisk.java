package io.dyad.nbd;

import static io.dyad.nbd.Protocol.*;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A host's end of one NBD export, with simple replies. Owned by one thread. Requests are sent without waiting and answered in
 * any order; a whole read or flush waits for itself and needs all others answered before.
 */
public final class NbdDisk implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 18;
    private Socket socket = new Socket();
    private DataInputStream in;
    private DataOutputStream out;
    private long sizeBytes;
    private int flags;
    private int awaited;

    /** Connects in clear. */
    public NbdDisk(NbdUri uri, Duration patience) throws IOException { this(uri, Optional.empty(), patience); }

    /** Throws when the export is refused, too. {@code tls} is for an {@code nbds} URI; {@code patience} bounds every wait. */
    public NbdDisk(NbdUri uri, Optional<SSLContext> tls, Duration patience) throws IOException {
        int timeoutMillis = (int) patience.toMillis();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(uri.address(), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            in = reader(socket);
            out = writer(socket);
            greet();
            if (uri.tls()) startTls(uri, tls.orElseThrow(() -> new IOException("nothing says which certificate to trust")));
            go(uri.export().getBytes(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static DataInputStream reader(Socket from) throws IOException { return new DataInputStream(new BufferedInputStream(from.getInputStream(), BUFFER_BYTES)); }

    private static DataOutputStream writer(Socket to) throws IOException { return new DataOutputStream(new BufferedOutputStream(to.getOutputStream(), BUFFER_BYTES)); }

    private void greet() throws IOException {
        if (in.readLong() != GREETING || in.readLong() != OPTION_MAGIC) throw new IOException("not an NBD server");
        out.writeInt(in.readUnsignedShort() & (FIXED_NEWSTYLE | NO_ZEROES));
    }

    private void startTls(NbdUri uri, SSLContext context) throws IOException {
        ask(OPT_STARTTLS, new byte[0]);
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, uri.address().getHostString(), socket.getPort(), true);
        secure.startHandshake();
        socket = secure;
        in = reader(secure);
        out = writer(secure);
    }

    private void go(byte[] name) throws IOException {
        ask(OPT_GO, ByteBuffer.allocate(6 + name.length).putInt(name.length).put(name).putShort((short) 0).array());
    }

    private void ask(int option, byte[] data) throws IOException {
        out.writeLong(OPTION_MAGIC);
        out.writeInt(option);
        out.writeInt(data.length);
        out.write(data);
        out.flush();
        while (true) {
            if (in.readLong() != OPTION_REPLY_MAGIC || in.readInt() != option) throw new IOException("not a reply to option " + option);
            int type = in.readInt();
            ByteBuffer about = ByteBuffer.wrap(in.readNBytes(in.readInt()));
            if (type == REP_ACK) return;
            if (type < 0) throw new IOException("refused: " + StandardCharsets.UTF_8.decode(about));
            if (type == REP_INFO && about.getShort() == INFO_EXPORT) {
                sizeBytes = about.getLong();
                flags = about.getShort();
            }
        }
    }

    public long sizeBytes() { return sizeBytes; }

    public boolean readOnly() { return (flags & READ_ONLY) != 0; }

    /** Sends a write without waiting. {@code durable}: it is on the disk when it is answered. */
    public void write(long cookie, long offsetBytes, ByteBuffer data, boolean durable) throws IOException {
        int length = data.remaining();
        request(CMD_WRITE, durable ? FUA : 0, cookie, offsetBytes, length);
        out.write(data.array(), data.arrayOffset() + data.position(), length);
    }

    /** Sends a flush without waiting; it covers the writes that are answered already. */
    public void flush(long cookie) throws IOException { request(CMD_FLUSH, 0, cookie, 0, 0); }

    private void request(int type, int requestFlags, long cookie, long offsetBytes, int length) throws IOException {
        awaited++;
        out.writeInt(REQUEST_MAGIC);
        out.writeShort(requestFlags);
        out.writeShort(type);
        out.writeLong(cookie);
        out.writeLong(offsetBytes);
        out.writeInt(length);
    }

    /** Waits for the next answer to a write or a flush and returns its cookie; an error of the server throws {@link FailedRequestException}. */
    public long answered() throws IOException {
        out.flush();
        if (in.readInt() != SIMPLE_REPLY_MAGIC) throw new IOException("not a simple reply");
        int error = in.readInt();
        long cookie = in.readLong();
        awaited--;
        if (error != 0) throw new FailedRequestException(error);
        return cookie;
    }

    public void flush() throws IOException {
        flush(0);
        answered();
    }

    /** Fills {@code into}. */
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        int length = into.remaining();
        request(CMD_READ, 0, 0, offsetBytes, length);
        answered();
        in.readFully(into.array(), into.arrayOffset() + into.position(), length);
        into.position(into.position() + length);
    }

    /** Takes its leave when nothing is awaited, and hangs up. */
    @Override public void close() throws IOException {
        try {
            if (awaited == 0) {
                request(CMD_DISC, 0, 0, 0, 0);
                out.flush();
            }
        } catch (IOException gone) {
            // there is nobody to take leave of
        } finally {
            socket.close();
        }
    }

    /** The server answered a request with an error. */
    public static final class FailedRequestException extends IOException {
        private static final long serialVersionUID = 1;

        private final int code;

        FailedRequestException(int code) {
            super("answered with " + Arrays.stream(NbdError.values()).filter(e -> e.code == code).map(Enum::name).findFirst().orElse("error " + code));
            this.code = code;
        }

        /** Nobody may write to the export any more. */
        public boolean becameReadOnly() { return code == NbdError.EPERM.code || code == NbdError.ESHUTDOWN.code; }
    }
}
