package io.dyad.replication;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Whose writes a volume holds. Every volume that becomes a source begins a generation; its target takes it on with the next
 * commit. {@code ancestors} are the generations before it, youngest first.
 *
 * <pre>
 *  | generation 16 | n u8 | n × ancestor 16 |
 * </pre>
 */
public record History(UUID generation, List<UUID> ancestors) {
    static final int MAX_ANCESTORS = 32;
    private static final UUID NOBODY = new UUID(0, 0);
    private static final History NONE = new History(NOBODY, List.of());

    public History { ancestors = List.copyOf(ancestors); }

    /** Of a volume that has been neither source nor target. */
    public static History none() { return NONE; }

    boolean isNone() { return generation.equals(NOBODY); }

    /** A generation of its own begins. */
    History begin(UUID fresh) {
        if (isNone()) return new History(fresh, List.of());
        List<UUID> before = new ArrayList<>(List.of(generation));
        before.addAll(ancestors.subList(0, Math.min(ancestors.size(), MAX_ANCESTORS - 1)));
        return new History(fresh, before);
    }

    /** True when this one has gone on from the other, or they are the same. */
    public boolean descendsFrom(History other) { return generation.equals(other.generation) || ancestors.contains(other.generation); }

    /** True when the two have a generation in common; a volume without one tells nothing. */
    boolean meets(History other) {
        if (isNone() || other.isNone() || descendsFrom(other) || other.descendsFrom(this)) return true;
        return ancestors.stream().anyMatch(other.ancestors::contains);
    }

    int bytes() { return 17 + 16 * ancestors.size(); }

    void put(ByteBuffer into) {
        put(into, generation);
        into.put((byte) ancestors.size());
        ancestors.forEach(a -> put(into, a));
    }

    private static void put(ByteBuffer into, UUID id) { into.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()); }

    /** Reads it back; a {@link java.nio.BufferUnderflowException} when it is cut short. */
    static History get(ByteBuffer from) {
        UUID generation = new UUID(from.getLong(), from.getLong());
        List<UUID> ancestors = new ArrayList<>();
        for (int left = from.get(); left > 0; left--) ancestors.add(new UUID(from.getLong(), from.getLong()));
        return new History(generation, ancestors);
    }

    void write(DataOutputStream out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(bytes());
        put(bytes);
        out.write(bytes.array());
    }

    static History read(DataInputStream in) throws IOException {
        UUID generation = new UUID(in.readLong(), in.readLong());
        List<UUID> ancestors = new ArrayList<>();
        for (int left = in.readUnsignedByte(); left > 0; left--) ancestors.add(new UUID(in.readLong(), in.readLong()));
        return new History(generation, ancestors);
    }
}
