package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The target's part of a comparison: its own cut, and the digests that the source asks for. One owner thread. */
final class TargetVerify {
    private final ReplicatedVolume volume;
    private final Inlet inlet;
    private final Proof proof = new Proof();
    private LayerStack.@Nullable Frozen view;
    private @Nullable Verification asker;
    /** This end has cut since it asked. */
    private boolean cutSince;

    TargetVerify(ReplicatedVolume volume, Inlet inlet) {
        this.volume = volume;
        this.inlet = inlet;
    }

    /** Asks the source for a comparison. */
    void propose(Verification verification) throws LinkDownException {
        if (asker != null) {
            verification.fail("a comparison is under way already");
            return;
        }
        asker = verification;
        cutSince = false;
        inlet.send(Frame.of(FrameType.COMPARE, verification.repair() ? 1 : 0));
    }

    /** Everything before the marker is on the disk. */
    void cut(Frame marker) throws IOException {
        release();
        cutSince = true;
        LayerStack.Frozen now = volume.cuts().pin().view();
        view = now;
        inlet.send(Frame.of(FrameType.VERIFY, marker.number(), 0, now.sizeBytes()));
    }

    void prove(Frame frame) throws IOException {
        Blocks content = view;
        if (content == null || frame.offsetBytes() < 0 || frame.offsetBytes() % Proof.NODE_BYTES != 0) throw new BadFrameException("a proof outside a comparison");
        boolean leaves = frame.number() == SourceVerify.LEAVES;
        byte[] answer = leaves ? proof.leaves(content, frame.offsetBytes())
            : Proof.absent(content, frame.offsetBytes()) ? new byte[0] : proof.node(proof.leaves(content, frame.offsetBytes()));
        inlet.send(new Frame(FrameType.PROOF, frame.number(), frame.offsetBytes(), Proof.NODE_BYTES, ByteBuffer.wrap(answer), () -> { }));
    }

    /** The source has come to a result. It is of another comparison when that began before this end asked, or repairs nothing where this end wants it. */
    void done(Frame frame) throws IOException {
        release();
        Verification mine = asker;
        if (mine == null || !cutSince || mine.repair() && frame.lengthBytes() != 1) return;
        asker = null;
        byte[] root = new byte[frame.payload().remaining()];
        frame.payload().get(root);
        mine.done(frame.number(), frame.offsetBytes(), root);
    }

    private void release() throws IOException {
        if (view != null) view.close();
        view = null;
    }

    /** The session ends. */
    void stop() throws IOException {
        if (asker != null) asker.fail("the session ended");
        asker = null;
        release();
    }
}
