package io.dyad.replication;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One message of the data plane between the two ends of a volume pair.
 *
 * <pre>
 *  0       4       6       8       12      16              24              32              40
 *  +-------+-------+-------+-------+-------+---------------+---------------+---------------+----------
 *  | DYF1  | type  | flags |payload|CRC32C |    number     |    offset     |    length     | payload …
 *  | magic |  u16  |  u16  | bytes |       |      i64      |  bytes  i64   |  bytes  i64   |
 *  +-------+-------+-------+-------+-------+---------------+---------------+---------------+----------
 * </pre>
 *
 * The CRC32C covers the header, with zero in its own place, and the payload. {@code number} is an epoch or a sequence
 * number, by type. Whoever receives a frame releases it once, after which its payload may be reused.
 */
public record Frame(FrameType type, long number, long offsetBytes, long lengthBytes, ByteBuffer payload, Runnable onRelease) {
    public static final int HEADER_BYTES = 40;
    public static final int MAX_PAYLOAD_BYTES = 4 << 20;
    private static final int MAGIC = 0x44594631;
    private static final int TYPE = 4;
    private static final int FLAGS = 6;
    private static final int PAYLOAD = 8;
    private static final int CRC = 12;
    private static final int NUMBER = 16;
    private static final int OFFSET = 24;
    private static final int LENGTH = 32;
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    public static Frame of(FrameType type, long number, long offsetBytes, long lengthBytes) {
        return new Frame(type, number, offsetBytes, lengthBytes, NONE.duplicate(), () -> { });
    }

    public static Frame of(FrameType type, long number, long offsetBytes, ByteBuffer payload) {
        return new Frame(type, number, offsetBytes, payload.remaining(), payload, () -> { });
    }

    public static Frame of(FrameType type, long number) { return of(type, number, 0, 0); }

    public void release() { onRelease.run(); }

    /** Refuses a range that is not whole blocks inside a volume of that size. */
    void requireInside(long sizeBytes) throws BadFrameException { requireInside(type.name(), offsetBytes, lengthBytes, sizeBytes); }

    static void requireInside(String what, long offsetBytes, long lengthBytes, long sizeBytes) throws BadFrameException {
        if (offsetBytes < 0 || lengthBytes <= 0 || lengthBytes > sizeBytes - offsetBytes || (offsetBytes | lengthBytes) % Blocks.BLOCK_BYTES != 0)
            throw new BadFrameException(what + " of " + lengthBytes + " bytes at " + offsetBytes + " in a volume of " + sizeBytes);
    }

    /** Bytes this frame takes on the link. */
    public int wireBytes() { return HEADER_BYTES + payload.remaining(); }

    /** Puts the header, checksum included, at {@code header}'s position; the payload's position does not move. */
    public void putHeader(ByteBuffer header) {
        int start = header.position();
        header.putInt(MAGIC).putShort((short) type.code()).putShort((short) 0).putInt(payload.remaining()).putInt(0)
            .putLong(number).putLong(offsetBytes).putLong(lengthBytes);
        header.putInt(start + CRC, checksum(header.duplicate().flip().position(start), payload.duplicate()));
    }

    /** The link's own bits in a header: how the payload crosses. They are no part of the frame and zero wherever it is checked. */
    public static int flags(ByteBuffer header) { return header.getShort(header.position() + FLAGS) & 0xFFFF; }

    public static void flags(ByteBuffer header, int flags) { header.putShort(header.position() + FLAGS, (short) flags); }

    /** How many payload bytes follow this header; refuses what is not one of our headers. */
    public static int payloadBytes(ByteBuffer header) throws BadFrameException {
        int start = header.position();
        if (header.getInt(start) != MAGIC) throw new BadFrameException("not a frame: magic " + Integer.toHexString(header.getInt(start)));
        int bytes = header.getInt(start + PAYLOAD);
        if (bytes < 0 || bytes > MAX_PAYLOAD_BYTES) throw new BadFrameException("payload of " + bytes + " bytes");
        return bytes;
    }

    /** Reads back a frame from its header and its whole payload; throws when the checksum or the type is wrong. */
    public static Frame parse(ByteBuffer header, ByteBuffer payload, Runnable onRelease) throws BadFrameException {
        int start = header.position();
        int crc = header.getInt(start + CRC);
        header.putInt(start + CRC, 0);
        if (checksum(header.duplicate().limit(start + HEADER_BYTES), payload.duplicate()) != crc)
            throw new BadFrameException("checksum of a frame does not match");
        FrameType type = FrameType.of(header.getShort(start + TYPE));
        return new Frame(type, header.getLong(start + NUMBER), header.getLong(start + OFFSET), header.getLong(start + LENGTH), payload, onRelease);
    }

    private static int checksum(ByteBuffer header, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        crc.update(payload);
        return (int) crc.getValue();
    }
}
