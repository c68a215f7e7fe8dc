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
 *  version u8 | lineage 16 | progress u8 | role u8 | clean u8 | epoch i64 | generation 16 | n u8 | n × ancestor 16 | stage i64 | seq i64
 *   since: known, doubt | interrupted: epoch i64, stage i64, known, doubt, stale
 *   snapshots that wait: n u8, n × (name 16, tracked u8, known, doubt)                  each map: bytes i32, dirty map …
 * </pre>
 *
 * Version 1 knew neither generations, stages nor doubt: it ended behind the epoch with one map of what differs. Version 2 had
 * no seq.
 *
 * @param role who wrote last: a source's maps are only exact when {@code clean}, a target's always are
 * @param clean the maps were saved by an orderly close and no write came after it
 * @param since where this end may differ from the last common point, but for an epoch that was broken off
 */
record Mark(Bond bond, Role role, boolean clean, Differing since, Interrupted interrupted, SnapshotQueue queue) {
    static final UUID NO_LINEAGE = new UUID(0, 0);
    private static final int VERSION = 3;

    /**
     * A point in the write order that two ends share.
     *
     * @param epoch the last epoch committed here as a target, or by the target
     * @param seq the last write of the stream behind that epoch that this target holds durably, by the source's number; 0 for none
     */
    record Point(long epoch, long seq) {
        static final Point NONE = new Point(0, 0);
    }

    /**
     * What an end shares with the other.
     *
     * @param lineage the pair whose two ends share a history; {@link #NO_LINEAGE} for none
     * @param progress how far that goes
     * @param stage the epoch that this target's staged layer was begun with; 0 without one
     */
    record Bond(UUID lineage, Progress progress, Point point, History history, long stage) {
        static Bond none() { return with(NO_LINEAGE); }

        static Bond with(UUID lineage) { return new Bond(lineage, Progress.NONE, Point.NONE, History.none(), 0); }

        long epoch() { return point.epoch(); }

        Bond progress(Progress now, long committed) {
            return new Bond(lineage, now, committed == point.epoch() ? point : new Point(committed, 0), history, stage);
        }

        /** The stream behind the committed epoch is durable here up to this write at least. */
        Bond reached(long seq) { return new Bond(lineage, progress, new Point(point.epoch(), Math.max(point.seq(), seq)), history, stage); }

        Bond history(History now) { return new Bond(lineage, progress, point, now, stage); }

        Bond stage(long number) { return new Bond(lineage, progress, point, history, number); }
    }

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

    static Mark empty() { return new Mark(Bond.none(), Role.NONE, true, new Differing(), Interrupted.none(), new SnapshotQueue()); }

    static Mark parse(byte[] bytes) throws IOException {
        if (bytes.length == 0) return empty();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int version = in.readUnsignedByte();
        if (version < 1 || version > VERSION) throw new IOException("replication mark of version " + version + ", this program reads up to " + VERSION);
        UUID lineage = new UUID(in.readLong(), in.readLong());
        Progress progress = Progress.of(in.readUnsignedByte());
        Role role = Role.of(in.readUnsignedByte());
        boolean clean = in.readBoolean();
        long epoch = in.readLong();
        if (version == 1) {
            Bond bond = new Bond(lineage, progress, new Point(epoch, 0), History.none(), 0);
            return new Mark(bond, role, clean, Differing.ofKnown(DirtyMap.read(in)), Interrupted.none(), new SnapshotQueue());
        }
        History history = History.read(in);
        long stage = in.readLong();
        Bond bond = new Bond(lineage, progress, new Point(epoch, version == 2 ? 0 : in.readLong()), history, stage);
        return new Mark(bond, role, clean, Differing.read(in), Interrupted.read(in), SnapshotQueue.read(in));
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(bond.lineage.getMostSignificantBits());
            out.writeLong(bond.lineage.getLeastSignificantBits());
            out.writeByte(bond.progress.code);
            out.writeByte(role.code);
            out.writeBoolean(clean);
            out.writeLong(bond.epoch());
            bond.history.write(out);
            out.writeLong(bond.stage);
            out.writeLong(bond.point.seq());
            since.write(out);
            interrupted.write(out);
            queue.write(out);
        } catch (IOException e) {
            throw new IllegalStateException("a byte array is always writable", e);
        }
        return bytes.toByteArray();
    }

    /** What is left of a source's mark after a crash: everything that may differ, {@code intents} included, is in doubt. */
    Mark afterCrash(DirtyMap intents) {
        Differing doubts = new Differing();
        doubts.doubt(since.all());
        Differing earlier = interrupted.lacks().copy();
        queue.addTo(earlier);
        doubts.doubt(earlier.all());
        doubts.doubt(intents);
        Bond now = bond.progress == Progress.PARTIAL ? bond.progress(Progress.NONE, bond.epoch()) : bond;
        return new Mark(now, role, false, doubts, Interrupted.none(), new SnapshotQueue());
    }

    /** In synchrony or not, where there is a common point. */
    Mark together(boolean now) { return with(bond.progress(now ? Progress.TOGETHER : bond.progress.shared(), bond.epoch())); }

    Mark with(Bond now) { return new Mark(now, role, clean, since, interrupted, queue); }
}
