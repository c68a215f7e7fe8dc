package io.dyad.nbd;

import static io.dyad.nbd.Protocol.*;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The answers of one session that carry data: reads, in structured chunks or one frame, and what is allocated. Owned by the session's thread. */
final class DataReplies {
    private static final int MAX_RUNS = 2048;
    private final Session.Agreed agreed;
    private final Export export;
    private final Wire wire;
    private final Replies replies;
    private final Faults faults;

    DataReplies(Session.Agreed agreed, Wire wire, Replies replies, Faults faults) {
        this.agreed = agreed;
        this.export = agreed.export();
        this.wire = wire;
        this.replies = replies;
        this.faults = faults;
    }

    /** Answers with an error, in words where the client understands them. */
    void fail(Request r, NbdError error, String words) throws IOException {
        if (agreed.structured()) replies.errorChunk(r.cookie(), error, words);
        else replies.error(r.cookie(), error);
    }

    private void fail(Request r, Exception e) throws IOException { fail(r, faults.errorOf(e), Faults.wordsOf(e)); }

    /** Answers a read that fits the export. */
    void read(Request r) throws IOException {
        if (!agreed.structured()) readInOneFrame(r);
        else if (r.has(DF) && r.lengthBytes() > Session.PIECE_BYTES) fail(r, NbdError.EOVERFLOW, "too long to send in one chunk");
        else readInChunks(r);
    }

    private void readInChunks(Request r) throws IOException {
        for (long at = r.offsetBytes(); at < r.endBytes(); at += Session.PIECE_BYTES) {
            int piece = (int) Math.min(Session.PIECE_BYTES, r.endBytes() - at);
            var out = replies.room(Replies.CHUNK_BYTES + Replies.OFFSET_BYTES + piece);
            int mark = out.position();
            replies.chunk(r.cookie(), at + piece == r.endBytes(), CHUNK_OFFSET_DATA, Replies.OFFSET_BYTES + piece).putLong(at);
            try {
                fill(out, at, piece);
            } catch (IOException | RuntimeException e) {
                out.limit(out.capacity()).position(mark);
                fail(r, e);
                return;
            }
            if (r.lengthBytes() > Session.PIECE_BYTES) replies.send();
        }
    }

    /** A simple reply carries its data whole: past the first piece an error can only be told by hanging up. */
    private void readInOneFrame(Request r) throws IOException {
        int piece = (int) Math.min(Session.PIECE_BYTES, r.lengthBytes());
        var out = replies.room(Replies.SIMPLE_BYTES + piece);
        int mark = out.position();
        replies.ok(r.cookie());
        try {
            fill(out, r.offsetBytes(), piece);
        } catch (IOException | RuntimeException e) {
            out.limit(out.capacity()).position(mark);
            fail(r, e);
            return;
        }
        if (r.lengthBytes() > piece) streamRest(r, r.offsetBytes() + piece);
    }

    private void streamRest(Request r, long from) throws IOException {
        wire.sending.lock();
        try {
            for (long at = from; at < r.endBytes(); at += Session.PIECE_BYTES) {
                replies.send();
                int piece = (int) Math.min(Session.PIECE_BYTES, r.endBytes() - at);
                fill(replies.room(piece), at, piece);
            }
            replies.send();
        } finally {
            wire.sending.unlock();
        }
    }

    private void fill(ByteBuffer out, long offsetBytes, int count) throws IOException {
        int end = out.position() + count;
        out.limit(end);
        export.read(offsetBytes, out);
        out.limit(out.capacity()).position(end);
    }

    /** Answers where there is data and where holes are. */
    void blockStatus(Request r) throws IOException {
        if (!agreed.allocation()) {
            fail(r, NbdError.EINVAL, ALLOCATION + " was not negotiated");
            return;
        }
        var runs = new BlockRuns(r.has(REQ_ONE) ? 1 : MAX_RUNS);
        try {
            for (long at = r.offsetBytes(); at < r.endBytes(); ) {
                var status = export.statusAt(at, r.endBytes());
                if (!runs.add(status)) break;
                at += status.lengthBytes();
            }
        } catch (IOException | RuntimeException e) {
            fail(r, e);
            return;
        }
        runs.putInto(replies.chunk(r.cookie(), true, CHUNK_BLOCK_STATUS, runs.bytes()));
    }
}
