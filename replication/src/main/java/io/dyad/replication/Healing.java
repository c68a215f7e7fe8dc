package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Repairs damaged blocks from the other end, which either end may ask for. The other end gives a block only when both are to
 * hold the same there; what was written here meanwhile stays. One owner thread.
 */
final class Healing {
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
        out.send(Frame.of(FrameType.FETCH, 0, offsetBytes, BLOCK_BYTES));
    }

    /** The other end asks: it gets the block, or nothing when this end may hold another content or none that is whole. */
    void give(Frame frame) throws IOException {
        if (frame.offsetBytes() < 0 || frame.offsetBytes() % BLOCK_BYTES != 0) throw new BadFrameException("FETCH at " + frame.offsetBytes());
        out.send(Frame.of(FrameType.FETCHED, 0, frame.offsetBytes(), volume.damage().shared(frame.offsetBytes())));
    }

    void take(Frame frame) throws IOException {
        if (frame.payload().remaining() == BLOCK_BYTES) {
            frame.requireInside(volume.sizeBytes());
            volume.damage().heal(frame.offsetBytes(), frame.payload());
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
