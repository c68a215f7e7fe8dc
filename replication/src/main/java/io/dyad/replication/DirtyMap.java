package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.BitSet;
import org.roaringbitmap.RoaringBitmap;

/** A set of 4 KiB blocks, by offset. Not safe for several threads; its owner's lock is. */
public final class DirtyMap {
    private static final int REGION_BLOCKS = Memo.REGION_BYTES / BLOCK_BYTES;
    private final RoaringBitmap blocks;

    public DirtyMap() { this(new RoaringBitmap()); }

    private DirtyMap(RoaringBitmap blocks) { this.blocks = blocks; }

    /** Marks every block that the range touches. */
    public void mark(long offsetBytes, long lengthBytes) {
        blocks.add(offsetBytes / BLOCK_BYTES, Math.ceilDiv(offsetBytes + lengthBytes, BLOCK_BYTES));
    }

    public void clear(long offsetBytes, long lengthBytes) {
        blocks.remove(offsetBytes / BLOCK_BYTES, (offsetBytes + lengthBytes) / BLOCK_BYTES);
    }

    public void add(DirtyMap other) { blocks.or(other.blocks); }

    /** Takes out every block that the other set holds. */
    public void remove(DirtyMap other) { blocks.andNot(other.blocks); }

    /** Keeps only the blocks that the other set holds too. */
    public void retain(DirtyMap other) { blocks.and(other.blocks); }

    /** True when the range touches a block of the set. */
    public boolean meets(long offsetBytes, long lengthBytes) {
        return blocks.intersects(offsetBytes / BLOCK_BYTES, Math.ceilDiv(offsetBytes + lengthBytes, BLOCK_BYTES));
    }

    public DirtyMap copy() { return new DirtyMap(blocks.clone()); }

    public boolean isEmpty() { return blocks.isEmpty(); }

    public long count() { return blocks.getLongCardinality(); }

    public boolean contains(long offsetBytes) { return blocks.contains((int) (offsetBytes / BLOCK_BYTES)); }

    /** The first run at or after {@code fromBytes}, at most {@code maxBytes} long; empty run when there is none. */
    public Blocks.Extent next(long fromBytes, long maxBytes) {
        long first = blocks.nextValue((int) (fromBytes / BLOCK_BYTES));
        if (first < 0) return new Blocks.Extent(fromBytes, 0, false);
        long gap = blocks.nextAbsentValue((int) first);
        long end = gap < 0 ? 1L << 32 : gap;
        return new Blocks.Extent(first * BLOCK_BYTES, Math.min((end - first) * BLOCK_BYTES, maxBytes), true);
    }

    /** The 4 MiB regions that hold a block of the set. */
    public BitSet regions() {
        BitSet regions = new BitSet();
        for (long block = blocks.nextValue(0); block >= 0; ) {
            int region = (int) (block / REGION_BLOCKS);
            regions.set(region);
            long next = (region + 1L) * REGION_BLOCKS;
            block = next >= 1L << 32 ? -1 : blocks.nextValue((int) next);
        }
        return regions;
    }

    static DirtyMap ofRegions(BitSet regions, long sizeBytes) {
        DirtyMap map = new DirtyMap();
        regions.stream().forEach(r -> {
            long start = (long) r * Memo.REGION_BYTES;
            if (start < sizeBytes) map.mark(start, Math.min(Memo.REGION_BYTES, sizeBytes - start));
        });
        return map;
    }

    /** Sends every run of the set as a frame of this type and number. */
    void send(FrameType type, long number, Sink to) throws LinkDownException {
        for (Blocks.Extent run = next(0, Long.MAX_VALUE); run.lengthBytes() > 0; run = next(run.endBytes(), Long.MAX_VALUE))
            to.send(Frame.of(type, number, run.offsetBytes(), run.lengthBytes()));
    }

    /** Where frames go. */
    interface Sink {
        void send(Frame frame) throws LinkDownException;
    }

    void write(DataOutputStream out) throws IOException {
        byte[] bytes = toBytes();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static DirtyMap read(DataInputStream in) throws IOException { return ofBytes(in.readNBytes(in.readInt())); }

    byte[] toBytes() {
        blocks.runOptimize();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            blocks.serialize(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new IllegalStateException("a byte array is always writable", e);
        }
        return bytes.toByteArray();
    }

    static DirtyMap ofBytes(byte[] bytes) throws IOException {
        RoaringBitmap blocks = new RoaringBitmap();
        blocks.deserialize(new DataInputStream(new ByteArrayInputStream(bytes)));
        return new DirtyMap(blocks);
    }
}
