package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Repairs damaged blocks from the other end, which either end may ask for. The other end gives what it holds, now and in snapshots, and
 * says whether both are to hold the same now; what that mends is for {@link DamagedBlocks} to tell. One owner thread.
 */
final class Healing {
    private static final long ALIKE = 0;
    private static final long NOW = 1;
    private static final long NOT_NOW = 2;
    private final ReplicatedVolume volume;
    private final Supplier<Blocks> content;
    private final DirtyMap.Sink out;
    private final Map<Long, Answer> waiting = new HashMap<>();
    private boolean stopped;

    /** Hears what the other end holds now of a block, once all is mended that its copies can mend; no bytes: nothing. */
    interface Answer {
        void came(ByteBuffer now) throws IOException;
    }

    /** {@code content}: what this end holds now. */
    Healing(ReplicatedVolume volume, Supplier<Blocks> content, DirtyMap.Sink out) {
        this.volume = volume;
        this.content = content;
        this.out = out;
    }

    /** Asks for a block; the answer comes in any case, sooner or later. */
    void ask(long offsetBytes, Answer answer) throws LinkDownException {
        waiting.merge(offsetBytes, answer, (one, two) -> now -> {
            one.came(now.duplicate());
            two.came(now);
        });
        out.send(Frame.of(FrameType.FETCH, 0, offsetBytes, BLOCK_BYTES));
    }

    /** The other end asks: it gets the copies that are whole here. */
    void give(Frame frame) throws IOException {
        if (frame.offsetBytes() < 0 || frame.offsetBytes() % BLOCK_BYTES != 0) throw new BadFrameException("FETCH at " + frame.offsetBytes());
        DamagedBlocks.Copies copies = volume.damage().copies(content.get(), frame.offsetBytes());
        ByteBuffer payload = ByteBuffer.allocate(copies.blocks().size() * BLOCK_BYTES);
        copies.blocks().forEach(payload::put);
        out.send(new Frame(FrameType.FETCHED, copies.alike() ? ALIKE : copies.now() ? NOW : NOT_NOW, frame.offsetBytes(), BLOCK_BYTES, payload.flip(), () -> { }));
    }

    void take(Frame frame) throws IOException {
        List<ByteBuffer> blocks = blocks(frame);
        boolean now = !blocks.isEmpty() && frame.number() != NOT_NOW;
        if (!blocks.isEmpty()) {
            frame.requireInside(volume.sizeBytes());
            boolean mended = volume.damage().heal(frame.offsetBytes(), new DamagedBlocks.Copies(blocks, now, frame.number() == ALIKE));
            if (mended) {
                volume.flush();                          // a region in doubt believes what it finds after a crash
                volume.source().mended(frame.offsetBytes());
            }
        }
        Answer answer = waiting.remove(frame.offsetBytes());
        if (answer != null) answer.came(now ? blocks.getFirst().duplicate() : ByteBuffer.allocate(0));
    }

    private static List<ByteBuffer> blocks(Frame frame) throws BadFrameException {
        ByteBuffer payload = frame.payload();
        if (payload.remaining() % BLOCK_BYTES != 0) throw new BadFrameException("FETCHED with " + payload.remaining() + " bytes");
        List<ByteBuffer> blocks = new ArrayList<>();
        for (int at = payload.position(); at < payload.limit(); at += BLOCK_BYTES) blocks.add(payload.slice(at, BLOCK_BYTES));
        return blocks;
    }

    /** True from the end of the session on: what is answered then is that nothing comes. */
    boolean stopped() { return stopped; }

    /** The session ends. */
    void stop() throws IOException {
        stopped = true;
        for (Answer answer : waiting.values()) answer.came(ByteBuffer.allocate(0));
        waiting.clear();
    }
}
