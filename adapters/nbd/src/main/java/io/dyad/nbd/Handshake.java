package io.dyad.nbd;

import static io.dyad.nbd.Protocol.*;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Option haggling, fixed newstyle.
 * <pre>
 * option | "IHAVEOPT" 8 | option 4 | length 4 | data …
 * reply  | magic 8 | option 4 | type 4 | length 4 | data …
 * </pre>
 * A request that breaks the framing ends the connection ({@link ProtocolException}); any other mistake is answered.
 */
final class Handshake {
    private static final int MAX_OPTIONS = 256, MAX_DATA_BYTES = 64 << 10, MAX_TEXT_BYTES = 4096;
    private static final int HEADER_BYTES = 16;
    private static final int CLASSIC_PADDING_BYTES = 124;

    private final Exports exports;
    private final Optional<SSLContext> tls;
    private final Consumer<Wire> upgraded;
    private Wire wire;
    private Inbox in;
    private boolean secured, noZeroes, structured;
    private Optional<String> allocationOf = Optional.empty();

    /** {@code upgraded} learns the wire that takes the place of {@code wire} when TLS starts. */
    Handshake(Exports exports, Optional<SSLContext> tls, Wire wire, Consumer<Wire> upgraded) {
        this.exports = exports;
        this.tls = tls;
        this.wire = wire;
        this.upgraded = upgraded;
        in = newInbox();
    }

    /** An option answered with an error. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;
        private final int reply;

        Refusal(int reply, String words) {
            super(words);
            this.reply = reply;
        }
    }

    Wire wire() { return wire; }

    /** Bytes that came behind the handshake. */
    ByteBuffer rest() { return in.bytes; }

    /** What was agreed, or nothing when the client took its leave. The caller closes the export. */
    Optional<Session.Agreed> negotiate() throws IOException {
        wire.write(ByteBuffer.allocate(18).putLong(GREETING).putLong(OPTION_MAGIC)
                .putShort((short) (FIXED_NEWSTYLE | NO_ZEROES)).flip());
        in.require(4);
        int flags = in.bytes.getInt();
        if ((flags & ~(FIXED_NEWSTYLE | NO_ZEROES)) != 0)
            throw new ProtocolException("unknown handshake flags 0x" + Integer.toHexString(flags));
        noZeroes = (flags & NO_ZEROES) != 0;
        for (int options = 0; options < MAX_OPTIONS; options++) {
            in.require(HEADER_BYTES);
            if (in.bytes.getLong() != OPTION_MAGIC) throw new ProtocolException("option without its magic");
            int option = in.bytes.getInt(), length = in.bytes.getInt();
            if (length < 0 || length > MAX_DATA_BYTES)
                throw new ProtocolException("option of " + Integer.toUnsignedString(length) + " bytes");
            in.require(length);
            var data = in.bytes.slice(in.bytes.position(), length);
            in.bytes.position(in.bytes.position() + length);
            if (option == OPT_ABORT) {
                reply(option, REP_ACK, new byte[0]);
                return Optional.empty();
            }
            var agreed = answer(option, data);
            if (agreed.isPresent()) return agreed;
        }
        throw new ProtocolException("more than " + MAX_OPTIONS + " options");
    }

    private Optional<Session.Agreed> answer(int option, ByteBuffer data) throws IOException {
        try {
            if (tls.isPresent() && !secured && option != OPT_STARTTLS)
                throw new Refusal(REP_ERR_TLS_REQD, "this server speaks TLS only");
            switch (option) {
                case OPT_EXPORT_NAME -> { return Optional.of(enterClassic(text(data, data.remaining()))); }
                case OPT_GO -> { return Optional.of(describe(option, data)); }
                case OPT_INFO -> describe(option, data).export().close();
                case OPT_LIST -> list(data);
                case OPT_STARTTLS -> startTls(data);
                case OPT_STRUCTURED_REPLY -> agreeOnStructured(data);
                case OPT_LIST_META_CONTEXT, OPT_SET_META_CONTEXT -> metaContexts(option, data);
                default -> throw new Refusal(REP_ERR_UNSUP, "no such option here");
            }
        } catch (Refusal refusal) {
            if (option == OPT_EXPORT_NAME) throw new ProtocolException("export refused: " + refusal.getMessage());
            reply(option, refusal.reply, Faults.wordsOf(refusal).getBytes(StandardCharsets.UTF_8));
        }
        return Optional.empty();
    }

    private void list(ByteBuffer data) throws IOException, Refusal {
        nothingIn(data);
        for (String name : exports.names()) {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            reply(OPT_LIST, REP_SERVER, ByteBuffer.allocate(4 + text.length).putInt(text.length).put(text).array());
        }
        reply(OPT_LIST, REP_ACK, new byte[0]);
    }

    private void startTls(ByteBuffer data) throws IOException, Refusal {
        nothingIn(data);
        if (secured) throw new Refusal(REP_ERR_INVALID, "TLS runs already");
        var context = tls.orElseThrow(() -> new Refusal(REP_ERR_UNSUP, "this server has no certificate"));
        if (in.bytes.hasRemaining()) throw new ProtocolException("clear bytes behind the start of TLS");
        reply(OPT_STARTTLS, REP_ACK, new byte[0]);
        wire = TlsWire.accept(wire.channel, context);
        upgraded.accept(wire);
        in = newInbox();
        secured = true;
    }

    private void agreeOnStructured(ByteBuffer data) throws IOException, Refusal {
        nothingIn(data);
        structured = true;
        reply(OPT_STRUCTURED_REPLY, REP_ACK, new byte[0]);
    }

    private void metaContexts(int option, ByteBuffer data) throws IOException, Refusal {
        boolean set = option == OPT_SET_META_CONTEXT;
        if (set) allocationOf = Optional.empty();
        if (!structured) throw new Refusal(REP_ERR_INVALID, "structured replies come first");
        String name = text(data);
        int queries = count(data);
        boolean wanted = !set && queries == 0;
        for (int i = 0; i < queries; i++) {
            String query = text(data);
            wanted |= query.equals(ALLOCATION) || !set && query.equals("base:");
        }
        nothingIn(data);
        open(name).close();
        if (wanted) {
            byte[] context = ALLOCATION.getBytes(StandardCharsets.UTF_8);
            reply(option, REP_META_CONTEXT,
                    ByteBuffer.allocate(4 + context.length).putInt(set ? ALLOCATION_ID : 0).put(context).array());
            if (set) allocationOf = Optional.of(name);
        }
        reply(option, REP_ACK, new byte[0]);
    }

    /** Tells all about an export; the one it returns is open. */
    private Session.Agreed describe(int option, ByteBuffer data) throws IOException, Refusal {
        String name = text(data);
        if (data.remaining() < 2) throw new Refusal(REP_ERR_INVALID, "option is cut short");
        int wishes = data.getShort() & 0xffff;
        if (data.remaining() != 2 * wishes) throw new Refusal(REP_ERR_INVALID, "wrong number of information requests");
        boolean nameWanted = false;
        while (data.hasRemaining()) nameWanted |= data.getShort() == INFO_NAME;
        var export = open(name);
        try {
            reply(option, REP_INFO, ByteBuffer.allocate(12).putShort((short) INFO_EXPORT)
                    .putLong(export.sizeBytes()).putShort(transmissionFlags(export)).array());
            reply(option, REP_INFO, ByteBuffer.allocate(14).putShort((short) INFO_BLOCK_SIZE)
                    .putInt(export.minimumBlockBytes()).putInt(PREFERRED_BLOCK_BYTES).putInt(MAXIMUM_PAYLOAD_BYTES).array());
            if (nameWanted) {
                byte[] text = name.getBytes(StandardCharsets.UTF_8);
                reply(option, REP_INFO, ByteBuffer.allocate(2 + text.length).putShort((short) INFO_NAME).put(text).array());
            }
            reply(option, REP_ACK, new byte[0]);
            return agreed(name, export);
        } catch (IOException | RuntimeException e) {
            export.close();
            throw e;
        }
    }

    private Session.Agreed enterClassic(String name) throws IOException, Refusal {
        var export = open(name);
        try {
            wire.write(ByteBuffer.allocate(noZeroes ? 10 : 10 + CLASSIC_PADDING_BYTES).putLong(0, export.sizeBytes())
                    .putShort(8, transmissionFlags(export)));
            return agreed(name, export);
        } catch (IOException | RuntimeException e) {
            export.close();
            throw e;
        }
    }

    private Session.Agreed agreed(String name, Export export) {
        return new Session.Agreed(name, export, structured, allocationOf.equals(Optional.of(name)));
    }

    private short transmissionFlags(Export export) {
        int changes = SEND_TRIM | SEND_WRITE_ZEROES | SEND_FAST_ZERO;
        return (short) (HAS_FLAGS | SEND_FLUSH | SEND_FUA | CAN_MULTI_CONN
                | (export.readOnly() ? READ_ONLY : changes) | (structured ? SEND_DF : 0));
    }

    private Export open(String name) throws Refusal {
        try {
            return exports.open(name);
        } catch (NoSuchExportException e) {
            throw new Refusal(REP_ERR_UNKNOWN, Faults.wordsOf(e));
        } catch (ExportRefusedException e) {
            throw new Refusal(REP_ERR_POLICY, Faults.wordsOf(e));
        }
    }

    private void reply(int option, int type, byte[] data) throws IOException {
        wire.write(ByteBuffer.allocate(20 + data.length).putLong(OPTION_REPLY_MAGIC).putInt(option).putInt(type)
                .putInt(data.length).put(data).flip());
    }

    private static void nothingIn(ByteBuffer data) throws Refusal {
        if (data.hasRemaining()) throw new Refusal(REP_ERR_INVALID, "unexpected data in the option");
    }

    private static int count(ByteBuffer data) throws Refusal {
        if (data.remaining() < 4) throw new Refusal(REP_ERR_INVALID, "option is cut short");
        int count = data.getInt();
        if (count < 0 || count > data.remaining()) throw new Refusal(REP_ERR_INVALID, "length beyond the option");
        return count;
    }

    private static String text(ByteBuffer data) throws Refusal { return text(data, count(data)); }

    private static String text(ByteBuffer data, int bytes) throws Refusal {
        if (bytes > MAX_TEXT_BYTES) throw new Refusal(REP_ERR_TOO_BIG, "text longer than " + MAX_TEXT_BYTES + " bytes");
        var encoded = data.slice(data.position(), bytes);
        data.position(data.position() + bytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
            if (text.chars().noneMatch(Character::isISOControl)) return text;
        } catch (CharacterCodingException malformed) {
            // answered like a control character
        }
        throw new Refusal(REP_ERR_INVALID, "text that is not printable UTF-8");
    }

    private Inbox newInbox() { return new Inbox(ByteBuffer.allocate(MAX_DATA_BYTES + HEADER_BYTES), wire); }
}
