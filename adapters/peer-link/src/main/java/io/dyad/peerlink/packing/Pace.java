package io.dyad.peerlink.packing;

/**
 * Whether packing pays on this pipe, by what was measured: how long writes wait for the wire, how long packing takes, and
 * what it saves. A link faster than some 300 MB/s is never slowed by it. Times in nanoseconds. One thread.
 */
public final class Pace {
    /** What a write takes that does not wait. */
    private static final long WRITE_NS = 10_000;
    /** Packing may take this part of the wire's time for the same bytes. */
    private static final double AFFORDED = .35;
    private static final double SAVES_NOTHING = .97;
    private static final int TRY_EVERY = 16;
    private static final double WIRE_MEMORY_BYTES = 4 << 20;
    private static final double PACK_MEMORY_BYTES = 8 << 20;
    private static final double RATIO_MEMORY_BYTES = 32 << 20;
    private double wireNsPerByte;
    private double packNsPerByte = 1;
    private double ratio = .5;
    private int frames;

    /** True when the next payload is to be packed; now and then only to see whether it would pay by now. */
    public boolean packs() {
        if (wireNsPerByte < 1) return false;
        return packNsPerByte < AFFORDED * wireNsPerByte && ratio < SAVES_NOTHING || ++frames % TRY_EVERY == 0;
    }

    public void wrote(int bytes, long ns) { wireNsPerByte = blend(wireNsPerByte, (double) Math.max(0, ns - WRITE_NS) / bytes, bytes, WIRE_MEMORY_BYTES); }

    public void packed(int bytes, int packedBytes, long ns) {
        double now = (double) ns / bytes;
        packNsPerByte = blend(packNsPerByte, now, bytes, now < packNsPerByte ? PACK_MEMORY_BYTES / 8 : PACK_MEMORY_BYTES);
        ratio = blend(ratio, (double) packedBytes / bytes, bytes, RATIO_MEMORY_BYTES);
    }

    private static double blend(double before, double now, int bytes, double memoryBytes) {
        double share = bytes / (bytes + memoryBytes);
        return before + share * (now - before);
    }
}
