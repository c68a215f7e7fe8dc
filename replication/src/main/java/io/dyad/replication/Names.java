package io.dyad.replication;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Snapshot names as a payload: 16 bytes each. */
final class Names {
    private static final int BYTES = 16;

    private Names() { }

    static ByteBuffer of(Collection<UUID> names) {
        ByteBuffer bytes = ByteBuffer.allocate(names.size() * BYTES);
        names.forEach(name -> bytes.putLong(name.getMostSignificantBits()).putLong(name.getLeastSignificantBits()));
        return bytes.flip();
    }

    static Set<UUID> all(Frame frame) throws BadFrameException {
        ByteBuffer bytes = frame.payload();
        if (bytes.remaining() % BYTES != 0) throw new BadFrameException(frame.type() + " with " + bytes.remaining() + " bytes of names");
        Set<UUID> names = new LinkedHashSet<>();
        while (bytes.hasRemaining()) names.add(new UUID(bytes.getLong(), bytes.getLong()));
        return names;
    }

    static Optional<UUID> optional(Frame frame) throws BadFrameException { return all(frame).stream().findFirst(); }

    static UUID one(Frame frame) throws BadFrameException { return optional(frame).orElseThrow(() -> new BadFrameException(frame.type() + " without a name")); }
}
