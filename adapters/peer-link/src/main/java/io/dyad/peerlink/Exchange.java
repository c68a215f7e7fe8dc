package io.dyad.peerlink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The opening words of a connection: JSON messages that alternate between the dialling and the accepting end. The first
 * bytes of all are the dialling end's preface; a {@link Refusal} may stand in place of any answer.
 *
 * <pre>
 *  0               4       5             once, by the dialling end
 *  +---------------+-------+
 *  |     DYAD      |version|
 *  +---------------+-------+
 *  0               4                     each message
 *  +---------------+----------
 *  | length  bytes | JSON …
 *  +---------------+----------
 * </pre>
 */
record Exchange(Wire wire) {
    static final byte VERSION = 1;
    static final int NONCE_BYTES = 32;
    private static final int MAGIC = 0x44594144;
    private static final int MAX_BYTES = 64 << 10;
    private static final JsonMapper JSON = JsonMapper.builder()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES, DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES).build();

    /** What a connection is for. */
    enum Kind { PAIRING, CONTROL, PIPE }

    /** {@code subject}: the username for PAIRING, else the cluster pair; {@code volumePair} is the zero UUID except for PIPE. */
    record Hello(Kind kind, String subject, UUID volumePair, byte[] nonce) {
        static final UUID NO_VOLUME_PAIR = new UUID(0, 0);

        static Hello pairing(String username) { return new Hello(Kind.PAIRING, username, NO_VOLUME_PAIR, Digests.random(NONCE_BYTES)); }

        static Hello control(UUID pair) { return new Hello(Kind.CONTROL, pair.toString(), NO_VOLUME_PAIR, Digests.random(NONCE_BYTES)); }

        static Hello pipe(UUID pair, UUID volumePair) { return new Hello(Kind.PIPE, pair.toString(), volumePair, Digests.random(NONCE_BYTES)); }
    }

    /** The accepting end's half of the freshness; salt and iterations count for PAIRING only. */
    record Challenge(byte[] nonce, byte[] salt, int iterations) { }

    record Proof(byte[] proof) { }

    /** The completer's introduction, and the starter's answer with the link secret under the pad; empty when refused. */
    record Joining(JsonNode message) { }

    record Admission(JsonNode answer, byte[] padded) { }

    private record Refusal(RefusedException.Ground refused, String words) { }

    void greet(Hello hello) throws IOException {
        wire.write(ByteBuffer.allocate(Integer.BYTES + 1).putInt(MAGIC).put(VERSION).flip());
        send(hello);
    }

    Hello greeted() throws IOException {
        ByteBuffer preface = ByteBuffer.allocate(Integer.BYTES + 1);
        wire.read(preface);
        if (preface.getInt(0) != MAGIC) throw new ProtocolException("does not speak our protocol");
        byte[] message = message();             // every version frames its hello so; read, that closing loses no refusal
        byte version = preface.get(Integer.BYTES);
        if (version != VERSION) throw refuse(RefusedException.because("this end speaks version " + VERSION + " of the peer link, not " + (version & 0xff)));
        Hello hello = parse(message, Hello.class);
        if (hello.nonce().length != NONCE_BYTES) throw new ProtocolException("nonce of " + hello.nonce().length + " bytes");
        return hello;
    }

    void send(Record message) throws IOException {
        byte[] json = JSON.writeValueAsBytes(message);
        wire.write(ByteBuffer.allocate(Integer.BYTES + json.length).putInt(json.length).put(json).flip());
    }

    /** Tells the other end and returns the exception to throw here. */
    RefusedException refuse(RefusedException why) throws IOException {
        send(new Refusal(why.ground(), String.valueOf(why.getMessage())));
        return why;
    }

    <T extends Record> T receive(Class<T> type) throws IOException { return parse(message(), type); }

    private byte[] message() throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        wire.read(length);
        int bytes = length.getInt(0);
        if (bytes < 2 || bytes > MAX_BYTES) throw new ProtocolException("opening message of " + bytes + " bytes");
        byte[] json = new byte[bytes];
        wire.read(ByteBuffer.wrap(json));
        return json;
    }

    private static <T extends Record> T parse(byte[] json, Class<T> type) throws IOException {
        try {
            JsonNode node = JSON.readTree(json);
            if (node.has("refused")) {
                Refusal refusal = JSON.treeToValue(node, Refusal.class);
                throw new RefusedException(refusal.refused(), refusal.words());
            }
            return JSON.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new ProtocolException("opening message is no " + type.getSimpleName());
        }
    }
}
