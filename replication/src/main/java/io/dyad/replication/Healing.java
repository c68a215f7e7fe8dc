package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Repairs damaged blocks from the other end, which either end may ask for. The other end gives what it holds and says whether both
 * are to hold the same there; what its copy mends is for {@link DamagedBlocks} to tell. One owner thread.
 */
final class Healing {
    private static final long ALIKE = 0;
    private static final long ANY = 1;
    private final ReplicatedVolume volume;
    private final DirtyMap.Sink out;
    private final Map<Long, Runnable> waiting = new HashMap<>();

    Healing(ReplicatedVolume volume, DirtyMap.Sink out) {
        this.volume = volume;
        this.out = out;
    }

    /** Asks for a block; {@code answered} runs when it is repaired, or cannot be. */
    void ask(long offsetBytes, Runnable answered) throws LinkDownException {
        waiting.merge(offsetBytes, answered, (one, two) -> () -> {
            one.run();
            two.run();
        });
        out.send(Frame.of(FrameType.FETCH, ANY, offsetBytes, BLOCK_BYTES));
    }

    /** The other end asks: it gets the block, or nothing when that is not whole here, or may be another than it asked for. */
    void give(Frame frame) throws IOException {
        if (frame.offsetBytes() < 0 || frame.offsetBytes() % BLOCK_BYTES != 0) throw new BadFrameException("FETCH at " + frame.offsetBytes());
        DamagedBlocks.Copy copy = volume.damage().copy(frame.offsetBytes());
        boolean given = copy.alike() || frame.number() == ANY;
        out.send(Frame.of(FrameType.FETCHED, copy.alike() ? ALIKE : ANY, frame.offsetBytes(), given ? copy.bytes() : ByteBuffer.allocate(0)));
    }

    void take(Frame frame) throws IOException {
        if (frame.payload().remaining() == BLOCK_BYTES) {
            frame.requireInside(volume.sizeBytes());
            volume.damage().heal(frame.offsetBytes(), new DamagedBlocks.Copy(frame.payload(), frame.number() == ALIKE));
        }
        Runnable answered = waiting.remove(frame.offsetBytes());
        if (answered != null) answered.run();
    }

    /** The session ends. */
    void stop() {
        waiting.values().forEach(Runnable::run);
        waiting.clear();
    }
}
