package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares both ends while they run: both cut at one point in the write order, then their digests are compared a MiB at a
 * time, and leaf by leaf where they differ. One owner thread.
 *
 * <pre>
 *   IDLE ──ask──> CUT ──marker sent, VERIFY──> COMPARING ──all compared──> IDLE, result
 * </pre>
 */
final class SourceVerify {
    static final int NODE = 0;
    static final int LEAVES = 1;
    private static final int AHEAD = 16;
    private final ReplicatedVolume volume;
    private final Outlet outlet;
    private final Proof proof = new Proof();
    private final MessageDigest root = Proof.sha();
    private final ArrayDeque<Long> asked = new ArrayDeque<>();
    private @Nullable Verification asker;
    private VolumeCuts.@Nullable Pinned cut;
    private boolean marked;
    private boolean comparing;
    private DirtyMap differing = new DirtyMap();
    private DirtyMap damagedHere = new DirtyMap();
    private long damaged;
    private long totalBytes;
    private long askedTo;

    SourceVerify(ReplicatedVolume volume, Outlet outlet) {
        this.volume = volume;
        this.outlet = outlet;
    }

    boolean running() { return asker != null; }

    void begin(Verification verification) throws IOException {
        asker = verification;
        cut = volume.cuts().pin();
        marked = comparing = false;
        differing = new DirtyMap();
        damagedHere = new DirtyMap();
        damaged = askedTo = 0;
        root.reset();
        asked.clear();
    }

    /** Sends the marker when the stream has come to the cut: {@code sentSeq} is the last write that is sent. True when it did. */
    boolean mark(long sentSeq) throws LinkDownException {
        VolumeCuts.Pinned at = cut;
        if (at == null || marked || sentSeq != at.seq()) return false;
        outlet.send(Frame.of(FrameType.VERIFY, at.seq()));
        return marked = true;
    }

    /** The target has cut too; its content has this size. */
    void cut(Frame frame) throws BadFrameException {
        if (!marked || comparing || cut == null) throw new BadFrameException("a cut to compare that was not asked for");
        totalBytes = Math.max(cut.view().sizeBytes(), frame.lengthBytes());
        comparing = true;
    }

    /** Asks for more; false when there is nothing to do until an answer comes. */
    boolean step() throws IOException {
        if (!comparing || askedTo >= totalBytes || asked.size() >= AHEAD) return false;
        outlet.send(Frame.of(FrameType.PROVE, NODE, askedTo, Proof.NODE_BYTES));
        asked.add(askedTo);
        askedTo += Proof.NODE_BYTES;
        return true;
    }

    /** True when everything is compared, and {@link #finish} is due. */
    boolean compared() { return comparing && askedTo >= totalBytes && asked.isEmpty(); }

    /** The target's digest of a MiB, in the order asked, or its leaves. */
    void answered(Frame frame) throws IOException {
        Long offset = asked.peek();
        Blocks view = Objects.requireNonNull(cut).view();
        if (offset == null || frame.offsetBytes() != offset) throw new BadFrameException("a proof at " + frame.offsetBytes() + " that was not asked for");
        byte[] theirs = new byte[frame.payload().remaining()];
        volume.meter().digested(theirs.length);
        frame.payload().get(theirs);
        if (frame.number() == LEAVES) leaves(offset, theirs);
        else if (!node(offset, view, theirs)) return;
        asked.remove();
        Objects.requireNonNull(asker).compared(Math.min(offset + Proof.NODE_BYTES, totalBytes), totalBytes);
    }

    /** No payload: nothing is there. False when the leaves have to be asked for, which come before the next answers. */
    private boolean node(long offset, Blocks view, byte[] theirs) throws IOException {
        if (theirs.length != 0 && theirs.length != Proof.LEAF_BYTES) throw new BadFrameException("a node of " + theirs.length + " bytes");
        boolean absent = Proof.absent(view, offset);
        byte[] own = absent ? proof.zeroNode() : proof.node(proof.leaves(view, offset));
        root.update(own);
        if (Arrays.equals(own, theirs.length == 0 ? proof.zeroNode() : theirs)) return true;
        outlet.send(Frame.of(FrameType.PROVE, LEAVES, offset, Proof.NODE_BYTES));
        asked.remove();
        asked.add(offset);                               // its leaves come behind what was asked before
        return false;
    }

    private void leaves(long offset, byte[] theirs) throws IOException {
        byte[] own = proof.leaves(Objects.requireNonNull(cut).view(), offset);
        if (theirs.length != own.length) throw new BadFrameException("leaves of " + theirs.length + " bytes");
        for (int i = 0; i < Proof.NODE_BLOCKS; i++) {
            long at = offset + (long) i * BLOCK_BYTES;
            boolean hurt = Proof.damaged(own, i) || Proof.damaged(theirs, i);
            if (hurt) damaged++;
            if (hurt || !Proof.same(own, theirs, i)) differing.mark(at, BLOCK_BYTES);
            if (Proof.damaged(own, i)) damagedHere.mark(at, BLOCK_BYTES);
        }
    }

    /** Says how it went; what is to be repaired counts as lacking on the target. */
    void finish() throws IOException {
        Verification done = Objects.requireNonNull(asker);
        byte[] digest = root.digest();
        ByteBuffer payload = ByteBuffer.allocate(Proof.LEAF_BYTES).put(digest).flip();
        outlet.send(new Frame(FrameType.VERIFIED, differing.count(), damaged, done.repair() ? 1 : 0, payload, () -> { }));
        release();
        if (done.repair() && !differing.isEmpty()) {
            DirtyMap ship = differing.copy();
            ship.remove(damagedHere);
            volume.source().lacks(Differing.ofKnown(ship));
        }
        done.done(differing.count(), damaged, digest);
    }

    /** Blocks that are damaged here and may be whole on the target, of a comparison that was to repair. */
    DirtyMap hurt() {
        DirtyMap hurt = damagedHere;
        damagedHere = new DirtyMap();
        return hurt;
    }

    private void release() throws IOException {
        VolumeCuts.Pinned gone = cut;
        cut = null;
        asker = null;
        marked = comparing = false;
        if (gone != null) gone.view().close();
    }

    /** The session ends. */
    void stop() throws IOException {
        if (asker != null) asker.fail("the session ended");
        release();
    }
}
