package io.dyad.nbd;

import static io.dyad.nbd.Protocol.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Answers on their way out, gathered in one reused buffer until they are sent in one write. Owned by one thread.
 * <pre>
 * simple  | magic 4 | error 4 | cookie 8 | data …
 * chunk   | magic 4 | flags 2 | type 2 | cookie 8 | length 4 | payload …
 * </pre>
 */
final class Replies {
    static final int SIMPLE_BYTES = 16, CHUNK_BYTES = 20, OFFSET_BYTES = 8, MAX_WORDS_BYTES = 512;
    private final ByteBuffer out;
    private final Wire wire;

    Replies(ByteBuffer buffer, Wire wire) {
        out = buffer.clear();
        this.wire = wire;
    }

    /** The buffer with room for {@code count} more bytes, which the caller puts at its position. */
    ByteBuffer room(int count) throws IOException {
        if (out.remaining() < count) send();
        return out;
    }

    void send() throws IOException {
        if (out.position() == 0) return;
        wire.write(out.flip());
        out.clear();
    }

    void ok(long cookie) throws IOException { simple(cookie, 0); }

    void error(long cookie, NbdError error) throws IOException { simple(cookie, error.code); }

    private void simple(long cookie, int code) throws IOException {
        room(SIMPLE_BYTES).putInt(SIMPLE_REPLY_MAGIC).putInt(code).putLong(cookie);
    }

    /** Begins a structured chunk whose payload of {@code length} bytes the caller puts next. */
    ByteBuffer chunk(long cookie, boolean done, int type, int length) throws IOException {
        return room(CHUNK_BYTES + length).putInt(CHUNK_MAGIC).putShort((short) (done ? CHUNK_DONE : 0))
                .putShort((short) type).putLong(cookie).putInt(length);
    }

    /** Ends a structured answer with an error in words. */
    void errorChunk(long cookie, NbdError error, String message) throws IOException {
        byte[] words = message.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(words.length, MAX_WORDS_BYTES);
        while (length < words.length && (words[length] & 0xc0) == 0x80) length--;     // not inside a character
        chunk(cookie, true, CHUNK_ERROR, 6 + length).putInt(error.code).putShort((short) length).put(words, 0, length);
    }
}
