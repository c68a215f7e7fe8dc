package io.dyad.volumefiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One batch of a journal, as it lies in a segment from a multiple of 512 bytes on.
 * <pre>
 *  0        4         8          16            20              24                28 … 28+length
 *  | magic  | length  | lastSeq  | blank       | CRC32C of     | CRC32C of       | payload … | end mark 4 | zeroes to 512
 *  |        |         |          | sectors     | the payload   | the 24 before   |
 * </pre>
 * {@code blank} counts the sectors of 512 bytes that hold nothing but zeroes. A segment's sectors are blank until they are
 * written, so a batch that a crash cut short lacks bytes at the end or has more blank sectors than it says; any other that
 * does not match was whole once and is damaged.
 */
record JournalBatch(long seq, ByteBuffer payload, long extentBytes) {
    static final int ALIGNED_BYTES = 512;
    static final int HEAD_BYTES = 28;
    /** Batches up to this are put together first and written at once: a copy costs less than a call. */
    private static final int COPIED_BYTES = 16 << 10;
    private static final int MAGIC = 0x44594A32;
    private static final int END_MARK = 0x454E4442;

    /** What is at a place where no whole batch is. */
    enum Found { CUT_SHORT, DAMAGED }

    static long extentBytes(int length) { return (HEAD_BYTES + (long) length + Integer.BYTES + ALIGNED_BYTES - 1) / ALIGNED_BYTES * ALIGNED_BYTES; }

    /** Writes a batch, each sector once: one that were written in two steps could be left half-way and look like damage. */
    static void write(FileLayer.Handle file, long at, long seq, ByteBuffer payload) throws IOException {
        int length = payload.remaining();
        int extent = (int) extentBytes(length);
        if (extent <= COPIED_BYTES) {
            file.write(at, ByteBuffer.allocate(extent).put(head(seq, payload)).put(payload).putInt(END_MARK).clear());
            return;
        }
        int lead = ALIGNED_BYTES - HEAD_BYTES;
        int middle = (length - lead) / ALIGNED_BYTES * ALIGNED_BYTES;
        file.write(at, ByteBuffer.allocate(ALIGNED_BYTES).put(head(seq, payload)).put(payload.slice(payload.position(), lead)).clear());
        payload.position(payload.position() + lead);
        file.write(at + ALIGNED_BYTES, payload.slice(payload.position(), middle));
        payload.position(payload.position() + middle);
        file.write(at + ALIGNED_BYTES + middle, ByteBuffer.allocate(extent - ALIGNED_BYTES - middle).put(payload).putInt(END_MARK).clear());
    }

    private static ByteBuffer head(long seq, ByteBuffer payload) {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).putInt(MAGIC).putInt(payload.remaining()).putLong(seq);
        head.putInt(blankSectors(payload)).putInt(checksum(payload));
        return head.putInt(FileFormat.checksum(head, 0, HEAD_BYTES - Integer.BYTES)).flip();
    }

    private static int blankSectors(ByteBuffer payload) {
        int blank = 0;
        int base = payload.position();
        for (int at = ALIGNED_BYTES - HEAD_BYTES; at + ALIGNED_BYTES <= payload.remaining(); at += ALIGNED_BYTES) {
            if (payload.getLong(base + at) == 0 && MapLeaf.blank(payload, base + at)) blank++;
        }
        return blank;
    }

    private static int checksum(ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }

    private static boolean headMatches(ByteBuffer head) {
        return head.getInt(0) == MAGIC && head.getInt(4) >= 0 && head.getInt(24) == FileFormat.checksum(head, 0, HEAD_BYTES - Integer.BYTES);
    }

    /** The whole batch at a place, or null. */
    static @Nullable JournalBatch read(FileLayer.Handle file, long at, long limit) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        if (at + HEAD_BYTES > limit) return null;
        file.read(at, head);
        if (!headMatches(head) || at + extentBytes(head.getInt(4)) > limit) return null;
        int length = head.getInt(4);
        ByteBuffer body = ByteBuffer.allocate(length + Integer.BYTES);
        file.read(at + HEAD_BYTES, body);
        ByteBuffer payload = body.slice(0, length).asReadOnlyBuffer();
        if (body.getInt(length) != END_MARK || head.getInt(20) != checksum(payload)) return null;
        return new JournalBatch(head.getLong(8), payload, extentBytes(length));
    }

    /** What is at a place where no whole batch was found. */
    static Found at(FileLayer.Handle file, long at, long limit) throws IOException {
        ByteBuffer first = ByteBuffer.allocate(ALIGNED_BYTES);
        if (file.read(at, first) < ALIGNED_BYTES || MapLeaf.blank(first, 0)) return Found.CUT_SHORT;
        if (!headMatches(first)) return Found.DAMAGED;
        int length = first.getInt(4);
        int expected = first.getInt(16);
        if (at + extentBytes(length) > limit) return Found.CUT_SHORT;
        int blank = 0;
        for (long sector = at + ALIGNED_BYTES; sector < at + extentBytes(length); sector += ALIGNED_BYTES) {
            file.read(sector, first.clear());
            if (MapLeaf.blank(first, 0)) blank++;
        }
        return blank > expected ? Found.CUT_SHORT : Found.DAMAGED;
    }
}
