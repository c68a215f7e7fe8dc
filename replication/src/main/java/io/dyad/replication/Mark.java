package io.dyad.replication;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.UUID;

/**
 * What a volume durably knows of its replication.
 *
 * <pre>
 *  version u8 | lineage 16 | progress u8 | role u8 | clean u8 | epoch i64 | dirty bytes i32 | dirty map …
 * </pre>
 *
 * @param lineage the pair whose two ends share a history; {@link #NO_LINEAGE} for none
 * @param progress how far that shared history goes
 * @param role who wrote last: a source's dirty map is only exact when {@code clean}, a target's always is
 * @param clean the dirty map was saved by an orderly close and no write came after it
 * @param epoch the last epoch committed here as a target
 * @param dirty the blocks that may differ from the last common point
 */
record Mark(UUID lineage, Progress progress, Role role, boolean clean, long epoch, DirtyMap dirty) {
    static final UUID NO_LINEAGE = new UUID(0, 0);
    private static final int VERSION = 1;

    /**
     * NONE: nothing shared yet. PARTIAL: a first sync is under way. SYNCED: there is a common point. TOGETHER: there is, and the
     * target holds every write that this source has acknowledged.
     */
    enum Progress {
        NONE(0), PARTIAL(1), SYNCED(2), TOGETHER(3);

        private final int code;

        Progress(int code) { this.code = code; }

        static Progress of(int code) throws IOException {
            for (Progress p : values()) if (p.code == code) return p;
            throw new IOException("unknown progress " + code + " in a replication mark");
        }

        int code() { return code; }

        /** As the other end needs to know it. */
        Progress shared() { return this == TOGETHER ? SYNCED : this; }
    }

    enum Role {
        NONE(0), SOURCE(1), TARGET(2);

        private final int code;

        Role(int code) { this.code = code; }

        static Role of(int code) throws IOException {
            for (Role r : values()) if (r.code == code) return r;
            throw new IOException("unknown role " + code + " in a replication mark");
        }
    }

    static Mark empty() { return new Mark(NO_LINEAGE, Progress.NONE, Role.NONE, true, 0, new DirtyMap()); }

    static Mark parse(byte[] bytes) throws IOException {
        if (bytes.length == 0) return empty();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int version = in.readUnsignedByte();
        if (version != VERSION) throw new IOException("replication mark of version " + version + ", this program reads " + VERSION);
        UUID lineage = new UUID(in.readLong(), in.readLong());
        Progress progress = Progress.of(in.readUnsignedByte());
        Role role = Role.of(in.readUnsignedByte());
        boolean clean = in.readBoolean();
        long epoch = in.readLong();
        return new Mark(lineage, progress, role, clean, epoch, DirtyMap.ofBytes(in.readNBytes(in.readInt())));
    }

    byte[] toBytes() {
        byte[] map = dirty.toBytes();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(map.length + 40);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(lineage.getMostSignificantBits());
            out.writeLong(lineage.getLeastSignificantBits());
            out.writeByte(progress.code);
            out.writeByte(role.code);
            out.writeBoolean(clean);
            out.writeLong(epoch);
            out.writeInt(map.length);
            out.write(map);
        } catch (IOException e) {
            throw new IllegalStateException("a byte array is always writable", e);
        }
        return bytes.toByteArray();
    }

    /** After a crash nobody knows which blocks of a first sync were still to come, in whichever direction it would go on. */
    Mark withoutPart() { return progress == Progress.PARTIAL ? new Mark(lineage, Progress.NONE, role, clean, epoch, dirty) : this; }

    Mark together(boolean now, DirtyMap map) { return new Mark(lineage, now ? Progress.TOGETHER : progress.shared(), role, clean, epoch, map); }

    Mark with(Role now, boolean isClean, DirtyMap map) { return new Mark(lineage, now == role ? progress : progress.shared(), now, isClean, epoch, map); }
}
