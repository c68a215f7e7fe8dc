package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Repairs damaged blocks from the other end, which either end may ask for. The other end gives what it holds and says whether both
 * are to hold the same there; what its copy mends is for {@link DamagedBlocks} to tell. One owner thread.
 */
final class Healing {
    private static final long ALIKE = 0;
    private static final long ANY = 1;
    private final ReplicatedVolume volume;
    private final Supplier<Blocks> content;
    private final DirtyMap.Sink out;
    private final Map<Long, Answer> waiting = new HashMap<>();

    /** Hears what the other end holds of a block, once all is mended that this can mend; no bytes: nothing. */
    interface Answer {
        void came(ByteBuffer copy) throws IOException;
    }

    /** {@code content}: what the other end is to get copies of. */
    Healing(ReplicatedVolume volume, Supplier<Blocks> content, DirtyMap.Sink out) {
        this.volume = volume;
        this.content = content;
        this.out = out;
    }

    /** Asks for a block; the answer comes in any case, sooner or later. */
    void ask(long offsetBytes, Answer answer) throws LinkDownException {
        waiting.merge(offsetBytes, answer, (one, two) -> copy -> {
            one.came(copy.duplicate());
            two.came(copy);
        });
        out.send(Frame.of(FrameType.FETCH, ANY, offsetBytes, BLOCK_BYTES));
    }

    /** The other end asks: it gets the block, or nothing when that is not whole here, or may be another than it asked for. */
    void give(Frame frame) throws IOException {
        if (frame.offsetBytes() < 0 || frame.offsetBytes() % BLOCK_BYTES != 0) throw new BadFrameException("FETCH at " + frame.offsetBytes());
        DamagedBlocks.Copy copy = volume.damage().copy(content.get(), frame.offsetBytes());
        boolean given = copy.alike() || frame.number() == ANY;
        out.send(Frame.of(FrameType.FETCHED, copy.alike() ? ALIKE : ANY, frame.offsetBytes(), given ? copy.bytes() : ByteBuffer.allocate(0)));
    }

    void take(Frame frame) throws IOException {
        ByteBuffer copy = frame.payload();
        if (copy.remaining() == BLOCK_BYTES) {
            frame.requireInside(volume.sizeBytes());
            boolean mended = volume.damage().heal(frame.offsetBytes(), new DamagedBlocks.Copy(copy.duplicate(), frame.number() == ALIKE));
            if (mended) volume.source().mended(frame.offsetBytes());
        }
        Answer answer = waiting.remove(frame.offsetBytes());
        if (answer != null) answer.came(copy);
    }

    /** The session ends. */
    void stop() throws IOException {
        for (Answer answer : waiting.values()) answer.came(ByteBuffer.allocate(0));
        waiting.clear();
    }
}
