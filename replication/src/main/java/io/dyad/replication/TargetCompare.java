package io.dyad.replication;

import io.dyad.replication.Blocks.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Answers a source's question what is here, run by run, with digests where they are asked for. One owner thread. */
final class TargetCompare {
    private static final int MAX_ASK_BYTES = 4 << 20;
    private static final int ABSENT = 0;
    private static final int PRESENT = 1;
    private static final int UNREADABLE = 2;
    private final Inlet inlet;
    private final Digests digests = new Digests();

    TargetCompare(Inlet inlet) { this.inlet = inlet; }

    /** {@code content}: what would be here if the running epoch ended now. What lies beyond its end is not here. */
    void answer(Frame ask, Blocks content) throws IOException {
        long end = ask.offsetBytes() + ask.lengthBytes();
        boolean wanted = ask.number() == PRESENT;
        if (ask.offsetBytes() < 0 || ask.lengthBytes() <= 0 || wanted && ask.lengthBytes() > MAX_ASK_BYTES)
            throw new BadFrameException("asked of " + ask.lengthBytes() + " bytes at " + ask.offsetBytes());
        long inside = Math.min(end, content.sizeBytes());
        long at = ask.offsetBytes();
        while (at < inside) {
            Extent run = content.extentAt(at, inside);
            if (run.allocated() && wanted) present(run, content);
            else say(run.allocated() ? PRESENT : ABSENT, run.offsetBytes(), run.lengthBytes());
            at = run.endBytes();
        }
        if (at < end) say(ABSENT, at, end - at);
    }

    private void present(Extent run, Blocks content) throws IOException {
        ByteBuffer blocks = ByteBuffer.allocate((int) run.lengthBytes());
        ByteBuffer answer = ByteBuffer.allocate((int) (run.lengthBytes() / Blocks.BLOCK_BYTES) * Digests.BYTES);
        try {
            content.read(run.offsetBytes(), blocks);
        } catch (DamagedBlockException e) {
            apart(run, content);
            return;
        }
        digests.put(blocks.flip(), answer);
        inlet.send(new Frame(FrameType.DIGESTS, PRESENT, run.offsetBytes(), run.lengthBytes(), answer.flip(), () -> { }));
    }

    /** Something in the run is damaged: block by block, so that only that one counts as unreadable. */
    private void apart(Extent run, Blocks content) throws IOException {
        if (run.lengthBytes() == Blocks.BLOCK_BYTES) say(UNREADABLE, run.offsetBytes(), run.lengthBytes());
        else for (long at = run.offsetBytes(); at < run.endBytes(); at += Blocks.BLOCK_BYTES) present(new Extent(at, Blocks.BLOCK_BYTES, true), content);
    }

    private void say(int what, long offsetBytes, long lengthBytes) throws LinkDownException {
        inlet.send(Frame.of(FrameType.DIGESTS, what, offsetBytes, lengthBytes));
    }
}
