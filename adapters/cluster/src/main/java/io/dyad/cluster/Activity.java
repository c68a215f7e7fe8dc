package io.dyad.cluster;

/** What hosts have done with one volume or several: operations, bytes, and the time that answering took. Unaligned ones do not fall on 4 KiB. */
public record Activity(long readOps, long readBytes, long writeOps, long writeBytes, long unalignedReads, long unalignedWrites, long readNanos, long writeNanos) {
    public static final Activity NONE = new Activity(0, 0, 0, 0, 0, 0, 0, 0);

    public Activity plus(Activity other) { return combined(other, 1); }

    public Activity minus(Activity before) { return combined(before, -1); }

    private Activity combined(Activity other, int sign) {
        return new Activity(readOps + sign * other.readOps, readBytes + sign * other.readBytes, writeOps + sign * other.writeOps, writeBytes + sign * other.writeBytes,
            unalignedReads + sign * other.unalignedReads, unalignedWrites + sign * other.unalignedWrites, readNanos + sign * other.readNanos, writeNanos + sign * other.writeNanos);
    }

    public long ops() { return readOps + writeOps; }

    public long bytes() { return readBytes + writeBytes; }
}
