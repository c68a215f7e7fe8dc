package io.dyad.replication;

import org.jspecify.annotations.Nullable;

/** What a frame says. Source to target: ATTACH, EPOCH, ASK, BLOCKS, RUNS, ZEROES, END, WRITES, FLUSH, SNAPSHOT, PROVE, VERIFIED. Back: POSITION, STAGED, HOLDS, DIVERGED, DIGESTS, COMMITTED, TAKEN, RECEIVED, ACK, PROOF, COMPARE. Both: VERIFY, FETCH, FETCHED, DETACH. */
public enum FrameType {
    /** Source: this is where I stand (payload, {@link Hello}), and the wire versions I speak: offset to number. */
    ATTACH(1),
    /** Target: this is where I stand (payload), and the wire version we speak (number). */
    POSITION(2),
    /** Target: blocks that may differ on my side: number 0 known to, 1 in doubt, 2 allocated where nothing is shared; length 0 ends it. */
    DIVERGED(3),
    /** Source: epoch {@code number} begins; length = its blocks, in doubt or not; offset 1 = applied directly (first sync), 2 = goes on with the staged layer. */
    EPOCH(4),
    /** Source: blocks of the running epoch. */
    BLOCKS(5),
    /** Source: a run of zero blocks of the running epoch. */
    ZEROES(6),
    /** Source: the running epoch is complete; payload = the name of the snapshot that it is, or nothing; offset = blocks left out of it, for they cannot be read here. */
    END(7),
    /** Target: epoch {@code number} is committed, durably. */
    COMMITTED(8),
    /** Source: streamed writes (payload, {@link Writes}), the last of them {@code number}. */
    WRITES(9),
    /** Target: everything up to {@code number} is durable; offset = link bytes taken in since the link opened, length = durable frames of the running epoch. */
    ACK(11),
    /** Either end: I end this session in order; payload = why. */
    DETACH(12),
    /** Target: everything streamed up to {@code number} is in its journal; offset = link bytes taken in, length 1 = nothing more waits. */
    RECEIVED(13),
    /** Source: its host waits until everything up to {@code number} is durable. */
    FLUSH(14),
    /** Target, before DIVERGED: blocks of the layer that an interrupted epoch left staged. */
    STAGED(15),
    /** Source: what have you got here? Number 1 = digests of what is allocated, 0 = only what is allocated. */
    ASK(16),
    /** Target: in this run I have nothing (number 0), allocated blocks (1, payload = 16 bytes of SHA-256 a block if asked for), unreadable ones (2). */
    DIGESTS(17),
    /** Target, before DIVERGED: the names of the snapshots here (payload, 16 bytes each). */
    HOLDS(18),
    /** Source: take a snapshot of this name (payload) here, behind write {@code number}. */
    SNAPSHOT(19),
    /** Target: the snapshot of this name (payload) is taken here, durably. */
    TAKEN(20),
    /** Source: cut behind write {@code number}, and be compared. Target: cut; length = its size. */
    VERIFY(21),
    /** Source: what is your digest of the MiB at offset? Number 0 = its node, 1 = its leaves; see {@link Proof}. */
    PROVE(22),
    /** Target: this is it (payload; none = nothing is there). */
    PROOF(23),
    /** Source: the comparison is over: number = blocks that differ, offset = damaged ones, length 1 = repaired, payload = root. */
    VERIFIED(24),
    /** Target: compare us; number 1 = and repair. */
    COMPARE(25),
    /** Either end: the block at offset is damaged here, what do you and your snapshots hold of it? Its checksum tells which is right. */
    FETCH(26),
    /**
     * Either end: here are the copies that are whole here, each once, or none. Number 0 = the first is what both are to hold now,
     * 1 = the first is what this end holds now and the other may hold another, 2 = all are of snapshots.
     */
    FETCHED(27),
    /** Source: small runs of blocks of the running epoch (payload, {@link Runs}); offset = how many. */
    RUNS(28);

    private static final @Nullable FrameType[] BY_CODE = new FrameType[29];
    static {
        for (FrameType type : values()) BY_CODE[type.code] = type;
    }

    private final int code;

    FrameType(int code) { this.code = code; }

    public int code() { return code; }

    /** True for what streaming and nothing else consists of: it is taken in without sending blocks or awaiting the other end. */
    public boolean streams() { return this == WRITES || this == FLUSH || this == RECEIVED || this == ACK; }

    static FrameType of(int code) throws BadFrameException {
        FrameType type = code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
        if (type == null) throw new BadFrameException("unknown frame type " + code);
        return type;
    }
}
