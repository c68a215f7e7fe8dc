package io.dyad.nbd;

/** The numbers of the NBD protocol as published by the NetworkBlockDevice project (doc/proto.md). Big-endian throughout. */
final class Protocol {
    static final long GREETING = 0x4e42444d41474943L;               // "NBDMAGIC"
    static final long OPTION_MAGIC = 0x49484156454F5054L;           // "IHAVEOPT"
    static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    static final int REQUEST_MAGIC = 0x25609513;
    static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    static final int CHUNK_MAGIC = 0x668e33ef;

    static final int FIXED_NEWSTYLE = 1, NO_ZEROES = 2;             // handshake flags, both ways

    static final int OPT_EXPORT_NAME = 1, OPT_ABORT = 2, OPT_LIST = 3, OPT_STARTTLS = 5, OPT_INFO = 6, OPT_GO = 7,
            OPT_STRUCTURED_REPLY = 8, OPT_LIST_META_CONTEXT = 9, OPT_SET_META_CONTEXT = 10;

    static final int REP_ACK = 1, REP_SERVER = 2, REP_INFO = 3, REP_META_CONTEXT = 4;
    private static final int REP_ERROR = 1 << 31;
    static final int REP_ERR_UNSUP = REP_ERROR + 1, REP_ERR_POLICY = REP_ERROR + 2, REP_ERR_INVALID = REP_ERROR + 3,
            REP_ERR_TLS_REQD = REP_ERROR + 5, REP_ERR_UNKNOWN = REP_ERROR + 6, REP_ERR_TOO_BIG = REP_ERROR + 9;

    static final int INFO_EXPORT = 0, INFO_NAME = 1, INFO_BLOCK_SIZE = 3;

    static final int HAS_FLAGS = 1, READ_ONLY = 1 << 1, SEND_FLUSH = 1 << 2, SEND_FUA = 1 << 3, SEND_TRIM = 1 << 5,
            SEND_WRITE_ZEROES = 1 << 6, SEND_DF = 1 << 7, CAN_MULTI_CONN = 1 << 8, SEND_FAST_ZERO = 1 << 11;

    static final int CMD_READ = 0, CMD_WRITE = 1, CMD_DISC = 2, CMD_FLUSH = 3, CMD_TRIM = 4, CMD_WRITE_ZEROES = 6,
            CMD_BLOCK_STATUS = 7;
    static final int FUA = 1, NO_HOLE = 1 << 1, DF = 1 << 2, REQ_ONE = 1 << 3, FAST_ZERO = 1 << 4;

    static final int CHUNK_DONE = 1;
    static final int CHUNK_OFFSET_DATA = 1, CHUNK_BLOCK_STATUS = 5, CHUNK_ERROR = (1 << 15) + 1;

    static final String ALLOCATION = "base:allocation";
    static final int ALLOCATION_ID = 1;
    static final int STATE_HOLE = 1, STATE_ZERO = 2;

    static final int PREFERRED_BLOCK_BYTES = 4096;
    static final int MAXIMUM_PAYLOAD_BYTES = 32 << 20;

    private Protocol() {}
}
