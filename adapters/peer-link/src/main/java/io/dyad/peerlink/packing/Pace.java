package io.dyad.peerlink.packing;

/**
 * Whether packing pays on this pipe, by what was measured: how fast the wire drains, how long packing takes, what it saves.
 * While a payload is packed the wire goes on draining what was written before, so a write's time counts together with the
 * packing before it. Times in nanoseconds. One thread.
 */
public final class Pace {
    /** What a write takes that does not wait. */
    private static final long WRITE_NS = 10_000;
    private static final double FAST_NS_PER_BYTE = 1;
    /** Packing may always take this part of the wire's time for the same bytes; more, when it saves more. */
    private static final double AFFORDED = .35;
    private static final double GAIN = .9;
    private static final double SAVES_NOTHING = .97;
    private static final int TRY_EVERY = 16;
    /** The same where packing takes a good part of the wire's time, and the other end's as well: on a fast wire each try holds the frames up. */
    private static final int TRY_DEAR_EVERY = 128;
    /** A packing that takes so many times the usual was held up by something else, and counts as no more. */
    private static final double HELD_UP = 3;
    private static final double WIRE_MEMORY_BYTES = 1 << 20;
    private static final double PACK_MEMORY_BYTES = 8 << 20;
    private static final double RATIO_MEMORY_BYTES = 32 << 20;
    /** So much the sockets of both ends may hold: a write finds room there after the sender was held up, however slow the wire. */
    private static final long BETWEEN_BYTES = 16 << 20;
    /** A wire that packing keeps half idle cannot show that it has become fast: after so much it is measured afresh. */
    private static final long FORGET_BYTES = 1L << 30;
    private double wireNsPerByte;
    private double packNsPerByte = 1;
    private double ratio = .5;
    private long packingNs;
    private long packedBytes;
    /** Written since a write has waited. */
    private long freeBytes;
    private int frames;

    /** True when the next payload is to be packed; now and then only to see whether it would pay by now. */
    public boolean packs() {
        if (wireNsPerByte < FAST_NS_PER_BYTE) return false;
        boolean affordable = packNsPerByte < wireNsPerByte * Math.max(AFFORDED, GAIN - ratio);
        boolean pays = affordable && ratio < SAVES_NOTHING;
        return pays || ++frames % (affordable ? TRY_EVERY : TRY_DEAR_EVERY) == 0;
    }

    /** A payload of so many bytes was packed into so many; the write that follows is told next. */
    public void packed(int bytes, int into, long ns) {
        double now = Math.min((double) ns / bytes, HELD_UP * packNsPerByte);
        packNsPerByte = blend(packNsPerByte, now, bytes, now < packNsPerByte ? PACK_MEMORY_BYTES / 8 : PACK_MEMORY_BYTES);
        ratio = blend(ratio, (double) into / bytes, bytes, RATIO_MEMORY_BYTES);
        packingNs = ns;
        packedBytes += bytes;
    }

    /** So many bytes were written. Writes that did not wait say that the wire is no slower than that, once they were more than lies between both ends. */
    public void wrote(int bytes, long ns) {
        double waitedNs = Math.max(0, ns - WRITE_NS);
        double drained = (packingNs + waitedNs) / bytes;
        boolean waited = waitedNs / bytes >= FAST_NS_PER_BYTE;
        freeBytes = waited ? 0 : freeBytes + bytes;
        if (packedBytes > FORGET_BYTES) wireNsPerByte = 0;
        else if (waited || freeBytes > BETWEEN_BYTES && drained < wireNsPerByte) wireNsPerByte = blend(wireNsPerByte, drained, bytes, WIRE_MEMORY_BYTES);
        if (wireNsPerByte == 0) packedBytes = 0;
        packingNs = 0;
    }

    private static double blend(double before, double now, int bytes, double memoryBytes) {
        double share = bytes / (bytes + memoryBytes);
        return before + share * (now - before);
    }
}
