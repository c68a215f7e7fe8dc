package io.dyad.replication;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * How the two ends of a pair find their common point: the payload of ATTACH and of POSITION.
 *
 * <pre>
 *  | lineage 16 | progress u8 | exact u8 | epoch i64 |
 * </pre>
 *
 * @param exact this end's dirty map holds every block that may differ from the common point
 */
record Hello(UUID lineage, Mark.Progress progress, boolean exact, long epoch) {
    private static final int BYTES = 26;

    /** Where a resync starts from. */
    enum Base {
        /** There is a common point: what either end changed since is shipped as an epoch, and the old point stays until it is committed. */
        COMMON_POINT,
        /** A first sync goes on where it stopped. */
        FIRST_SYNC_CONTINUED,
        /** Nothing is shared: everything allocated on either end is shipped, applied directly. */
        FIRST_SYNC
    }

    static Base base(Hello source, Hello target) {
        if (!source.lineage.equals(target.lineage)) return Base.FIRST_SYNC;
        if (source.progress == Mark.Progress.SYNCED && target.progress == Mark.Progress.SYNCED) return Base.COMMON_POINT;
        boolean begun = source.progress == Mark.Progress.PARTIAL && target.progress == Mark.Progress.PARTIAL;
        return begun && source.exact ? Base.FIRST_SYNC_CONTINUED : Base.FIRST_SYNC;
    }

    ByteBuffer toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(lineage.getMostSignificantBits()).putLong(lineage.getLeastSignificantBits())
            .put((byte) progress.code()).put((byte) (exact ? 1 : 0)).putLong(epoch).flip();
    }

    static Hello parse(ByteBuffer bytes) throws BadFrameException {
        if (bytes.remaining() < BYTES) throw new BadFrameException("greeting of " + bytes.remaining() + " bytes");
        UUID lineage = new UUID(bytes.getLong(), bytes.getLong());
        try {
            return new Hello(lineage, Mark.Progress.of(bytes.get()), bytes.get() == 1, bytes.getLong());
        } catch (java.io.IOException e) {
            throw new BadFrameException(String.valueOf(e.getMessage()));
        }
    }
}
