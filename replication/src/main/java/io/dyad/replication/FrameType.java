package io.dyad.replication;

/** What a frame says. Source to target: ATTACH, EPOCH, BLOCKS, ZEROES, END, WRITE, ZERO, FLUSH. Back: POSITION, DIVERGED, COMMITTED, RECEIVED, ACK. Both: DETACH. */
public enum FrameType {
    /** Source: this is my lineage (payload) and the protocol I speak (number). */
    ATTACH(1),
    /** Target: where I stand: flags and lineage (payload), last committed epoch (number). */
    POSITION(2),
    /** Target: a piece of the set of blocks that may differ on my side (payload); length 0 ends it. */
    DIVERGED(3),
    /** Source: epoch {@code number} begins; length = its bytes; offset 1 = applied directly (first sync). */
    EPOCH(4),
    /** Source: blocks of the running epoch. */
    BLOCKS(5),
    /** Source: a run of zero blocks of the running epoch. */
    ZEROES(6),
    /** Source: the running epoch is complete. */
    END(7),
    /** Target: epoch {@code number} is committed, durably. */
    COMMITTED(8),
    /** Source: a streamed write, sequence {@code number}. */
    WRITE(9),
    /** Source: a streamed run of zeroes, sequence {@code number}. */
    ZERO(10),
    /** Target: everything up to {@code number} is durable; offset = link bytes taken in since the link opened, length = durable frames of the running epoch. */
    ACK(11),
    /** Either end: I end this session in order; payload = why. */
    DETACH(12),
    /** Target: everything streamed up to {@code number} is in its journal; offset = link bytes taken in, length 1 = nothing more waits. */
    RECEIVED(13),
    /** Source: its host waits until everything up to {@code number} is durable. */
    FLUSH(14);

    private static final FrameType[] BY_CODE = new FrameType[15];
    static {
        for (FrameType type : values()) BY_CODE[type.code] = type;
    }

    private final int code;

    FrameType(int code) { this.code = code; }

    public int code() { return code; }

    static FrameType of(int code) throws BadFrameException {
        if (code < 1 || code >= BY_CODE.length) throw new BadFrameException("unknown frame type " + code);
        return BY_CODE[code];
    }
}
