package io.dyad.replication;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * How the two ends of a pair find their common point: the payload of ATTACH and of POSITION.
 *
 * <pre>
 *  | lineage 16 | progress u8 | epoch i64 | stage i64 | pending i64 | generation 16 | n u8 | n × ancestor 16 | seq i64 |
 * </pre>
 *
 * What a later wire version adds stands behind that and is not read here.
 *
 * @param pending the epoch of this source that was broken off, 0 for none: the target may have committed it unheard
 */
record Hello(Mark.Bond bond, long pending) {
    private static final int BYTES = 49;

    /** Where a resync starts from. */
    enum Base {
        /** There is a common point: what either end changed since is shipped as an epoch, and the old point stays until it is committed. */
        COMMON_POINT,
        /** A first sync goes on where it stopped. */
        FIRST_SYNC_CONTINUED,
        /** Nothing is known to be shared: what is allocated on either end is shipped, unless digests say that it is the same; applied directly. */
        FIRST_SYNC
    }

    static Base base(Hello source, Hello target) {
        Mark.Bond s = source.bond;
        Mark.Bond t = target.bond;
        if (!s.lineage().equals(t.lineage()) || !s.history().meets(t.history())) return Base.FIRST_SYNC;
        if (s.progress() == Mark.Progress.SYNCED && t.progress() == Mark.Progress.SYNCED) return Base.COMMON_POINT;
        if (t.progress() == Mark.Progress.SYNCED && source.pending > 0 && source.pending == t.epoch()) return Base.COMMON_POINT;
        boolean begun = s.progress() == Mark.Progress.PARTIAL && t.progress() == Mark.Progress.PARTIAL;
        return begun ? Base.FIRST_SYNC_CONTINUED : Base.FIRST_SYNC;
    }

    ByteBuffer toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES + bond.history().bytes());
        bytes.putLong(bond.lineage().getMostSignificantBits()).putLong(bond.lineage().getLeastSignificantBits())
            .put((byte) bond.progress().code()).putLong(bond.epoch()).putLong(bond.stage()).putLong(pending);
        bond.history().put(bytes);
        return bytes.putLong(bond.point().seq()).flip();
    }

    static Hello parse(ByteBuffer bytes) throws BadFrameException {
        int length = bytes.remaining();
        try {
            UUID lineage = new UUID(bytes.getLong(), bytes.getLong());
            Mark.Progress progress = Mark.Progress.of(bytes.get());
            long epoch = bytes.getLong();
            long stage = bytes.getLong();
            long pending = bytes.getLong();
            History history = History.get(bytes);
            return new Hello(new Mark.Bond(lineage, progress, new Mark.Point(epoch, bytes.getLong()), history, stage), pending);
        } catch (BufferUnderflowException e) {
            throw new BadFrameException("greeting of " + length + " bytes, which is no whole one of wire version " + WireVersion.OLDEST);
        } catch (java.io.IOException e) {
            throw new BadFrameException(String.valueOf(e.getMessage()));
        }
    }
}
