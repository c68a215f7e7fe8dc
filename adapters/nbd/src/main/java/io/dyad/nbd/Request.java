package io.dyad.nbd;

import static io.dyad.nbd.Protocol.*;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A request of the transmission phase; the payload of a write follows it.
 * <pre>
 * | magic 4 | flags 2 | type 2 | cookie 8 | offset 8 | length 4 |
 * </pre>
 */
record Request(int flags, int type, long cookie, long offsetBytes, long lengthBytes) {
    static final int BYTES = 28;

    static Request takeFrom(ByteBuffer in) throws ProtocolException {
        int magic = in.getInt();
        if (magic != REQUEST_MAGIC) throw new ProtocolException("request with magic 0x" + Integer.toHexString(magic));
        return new Request(in.getShort() & 0xffff, in.getShort() & 0xffff, in.getLong(), in.getLong(),
                in.getInt() & 0xffffffffL);
    }

    boolean has(int flag) { return (flags & flag) != 0; }

    long endBytes() { return offsetBytes + lengthBytes; }

    long payloadBytes() { return type == CMD_WRITE ? lengthBytes : 0; }

    /** Why the request cannot be served by an export of this shape, whatever it holds. */
    Optional<NbdError> refusal(boolean readOnly, int minimumBlockBytes, long sizeBytes, boolean structured) {
        boolean writes = type == CMD_WRITE || type == CMD_TRIM || type == CMD_WRITE_ZEROES;
        if (writes && readOnly) return Optional.of(NbdError.EPERM);
        if ((flags & ~allowedFlags(structured)) != 0) return Optional.of(NbdError.EINVAL);
        if (lengthBytes == 0 || (offsetBytes | lengthBytes) % minimumBlockBytes != 0) return Optional.of(NbdError.EINVAL);
        if (offsetBytes < 0 || offsetBytes > sizeBytes || lengthBytes > sizeBytes - offsetBytes)
            return Optional.of(writes && type != CMD_TRIM ? NbdError.ENOSPC : NbdError.EINVAL);
        if (lengthBytes <= MAXIMUM_PAYLOAD_BYTES) return Optional.empty();
        return switch (type) {
            case CMD_WRITE -> Optional.of(NbdError.EINVAL);
            case CMD_READ -> Optional.of(NbdError.EOVERFLOW);
            case CMD_WRITE_ZEROES -> has(NO_HOLE) && !has(FAST_ZERO) ? Optional.of(NbdError.EOVERFLOW) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private int allowedFlags(boolean structured) {
        return FUA | switch (type) {
            case CMD_READ -> structured ? DF : 0;
            case CMD_WRITE_ZEROES -> NO_HOLE | FAST_ZERO;
            case CMD_BLOCK_STATUS -> REQ_ONE;
            default -> 0;
        };
    }
}
