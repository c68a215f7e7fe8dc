package io.dyad.nbd;

import static io.dyad.nbd.Protocol.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The transmission phase of one connection. One thread takes all complete requests of a socket read, serves them in order
 * and answers with one write; one that needs a flush or another end is answered by an {@link AnswerQueue} instead, later.
 */
final class Session {
    /** A payload is handed to the export, and read from it, in pieces of at least this (the last may be shorter). */
    static final int PIECE_BYTES = 256 << 10;
    private static final int PIECE_UNIT_BYTES = 4096;
    private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(PIECE_BYTES).asReadOnlyBuffer();

    private final Agreed agreed;
    private final Export export;
    private final Inbox in;
    private final Replies replies;
    private final DataReplies data;
    private final AnswerQueue flushes;
    private final AnswerQueue acknowledgements;
    private final Faults faults;
    private final boolean readOnly;
    private final int minimumBlockBytes;
    private final long sizeBytes;
    private long flushesAsked;

    /** What the handshake settled. */
    record Agreed(String name, Export export, boolean structured, boolean allocation) {}

    /** Another end has the write; who waits for it is not woken before. */
    private record Acknowledgements(Export export) implements AnswerQueue.Wait {
        @Override public long until(long number) throws IOException { return export.acknowledged(number); }

        @Override public boolean mayBegin(long oldest) { return export.decided(oldest); }
    }

    Session(Agreed agreed, Wire wire, Inbox in, Replies replies, String label) {
        this.agreed = agreed;
        this.in = in;
        this.replies = replies;
        export = agreed.export();
        faults = new Faults(label);
        data = new DataReplies(agreed, wire, replies, faults);
        flushes = new AnswerQueue(AnswerQueue.Aim.NEWEST, this::flushed, new AnswerQueue.Line(wire, faults, label + " flush"));
        acknowledgements = new AnswerQueue(AnswerQueue.Aim.OLDEST, new Acknowledgements(export), new AnswerQueue.Line(wire, faults, label + " acknowledge"));
        export.onDecided(acknowledgements::due);
        readOnly = export.readOnly();
        minimumBlockBytes = export.minimumBlockBytes();
        sizeBytes = export.sizeBytes();
    }

    /** Serves until the client disconnects; answers what is in hand before it returns. Throws EOF when the client hangs up. */
    void serve() throws IOException, InterruptedException {
        try {
            while (true) {
                await(Request.BYTES);
                var request = Request.takeFrom(in.bytes);
                if (request.type() == CMD_DISC) break;
                serve(request);
            }
            export.push();
            replies.send();
        } finally {
            flushes.close();
            acknowledgements.close();
        }
    }

    private void await(int bytes) throws IOException {
        if (in.bytes.remaining() >= bytes) return;
        export.push();
        replies.send();
        in.require(bytes);
    }

    private void serve(Request r) throws IOException {
        switch (r.type()) {
            case CMD_FLUSH -> finish(r, true, flushes.hasRoom(), Export.ACKNOWLEDGED);
            case CMD_READ, CMD_WRITE, CMD_TRIM, CMD_WRITE_ZEROES, CMD_BLOCK_STATUS -> {
                Optional<NbdError> refusal = r.refusal(readOnly, minimumBlockBytes, sizeBytes, agreed.structured());
                if (refusal.isPresent()) refuse(r, refusal.get());
                else serveFitting(r);
            }
            default -> fail(r, NbdError.EINVAL, "no such command");
        }
    }

    private void serveFitting(Request r) throws IOException {
        switch (r.type()) {
            case CMD_READ -> data.read(r);
            case CMD_WRITE -> write(r);
            case CMD_BLOCK_STATUS -> data.blockStatus(r);
            default -> zero(r);
        }
    }

    private void refuse(Request r, NbdError error) throws IOException {
        if (r.payloadBytes() > in.bytes.remaining()) replies.send();
        in.drain(r.payloadBytes());
        fail(r, error, "request outside of what this export allows: offset " + r.offsetBytes() + ", length " + r.lengthBytes());
    }

    private void fail(Request r, NbdError error, String words) throws IOException {
        if (r.type() == CMD_READ || r.type() == CMD_BLOCK_STATUS) data.fail(r, error, words);
        else replies.error(r.cookie(), error);
    }

    /** Answers a change that has been made, after a flush if it asked for one, and not before write {@code number} may be answered. */
    private void finish(Request r, boolean durably, boolean later, long number) throws IOException {
        if (durably && later) {
            flushes.add(r.cookie(), ++flushesAsked);
            return;
        }
        if (number != Export.ACKNOWLEDGED && acknowledgements.add(r.cookie(), number)) return;
        export.push();
        Optional<NbdError> failure = Optional.empty();
        if (durably && r.type() == CMD_FLUSH) failure = faults.during(export::flush);
        else if (number != Export.ACKNOWLEDGED) failure = faults.during(() -> export.acknowledged(number));
        if (failure.isPresent()) fail(r, failure.get(), "not acknowledged");
        else replies.ok(r.cookie());
    }

    /** One flush covers all that were written before it began. */
    private long flushed(long asked) throws IOException {
        export.flush();
        return asked;
    }

    private void write(Request r) throws IOException {
        boolean later = flushes.hasRoom();
        boolean durable = r.has(FUA) && !later;
        long number = Export.ACKNOWLEDGED;
        for (long at = r.offsetBytes(); at < r.endBytes(); ) {
            int piece = awaitPiece(at, r.endBytes());
            int start = in.bytes.position(), end = in.bytes.limit();
            in.bytes.limit(start + piece);
            Optional<NbdError> failure;
            try {
                number = Math.max(number, export.write(at, in.bytes, durable));
                failure = Optional.empty();
            } catch (IOException | RuntimeException e) {
                failure = Optional.of(faults.errorOf(e));
            }
            in.bytes.limit(end).position(start + piece);
            at += piece;
            if (failure.isPresent()) {
                in.drain(r.endBytes() - at);
                replies.error(r.cookie(), failure.get());
                return;
            }
        }
        finish(r, r.has(FUA), later, number);
    }

    /** Waits for the next piece of a payload: all that is here up to a block's end, or the rest of it. */
    private int awaitPiece(long at, long end) throws IOException {
        await((int) Math.min(end - at, PIECE_BYTES));
        long here = at + in.bytes.remaining();
        return (int) ((here >= end ? end : here / PIECE_UNIT_BYTES * PIECE_UNIT_BYTES) - at);
    }

    private void zero(Request r) throws IOException {
        boolean provision = r.type() == CMD_WRITE_ZEROES && r.has(NO_HOLE);
        if (provision && r.has(FAST_ZERO)) {
            fail(r, NbdError.ENOTSUP, "");          // room is only taken by writing
            return;
        }
        boolean later = flushes.hasRoom();
        boolean durable = r.has(FUA) && !later;
        long number;
        try {
            number = provision ? writeZeroes(r, durable) : export.zero(r.offsetBytes(), r.lengthBytes(), durable);
        } catch (IOException | RuntimeException e) {
            replies.error(r.cookie(), faults.errorOf(e));
            return;
        }
        finish(r, r.has(FUA), later, number);
    }

    private long writeZeroes(Request r, boolean durable) throws IOException {
        long number = Export.ACKNOWLEDGED;
        for (long at = r.offsetBytes(); at < r.endBytes(); at += PIECE_BYTES)
            number = Math.max(number, export.write(at, ZEROES.slice(0, (int) Math.min(PIECE_BYTES, r.endBytes() - at)), durable));
        return number;
    }
}
