package io.dyad.nbd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A volume in memory that counts what happens to it; all its sessions share it. */
final class MemoryExport implements Export {
    static final int BLOCK_BYTES = 4096;
    final byte[] content;
    final BitSet allocated = new BitSet();
    final AtomicInteger flushes = new AtomicInteger(), closes = new AtomicInteger(), unflushed = new AtomicInteger();
    final List<Long> pieceStarts = new CopyOnWriteArrayList<>();
    final List<Runnable> drops = new CopyOnWriteArrayList<>();
    volatile int minimumBlockBytes = BLOCK_BYTES;
    volatile boolean readOnly;
    volatile @Nullable IOException failure;
    volatile long failAtBytes = Long.MAX_VALUE;
    volatile CountDownLatch flushGate = new CountDownLatch(0);
    volatile CountDownLatch acknowledgeGate = new CountDownLatch(0);
    final AtomicInteger waits = new AtomicInteger();
    /** Whether writes are answered by {@link #acknowledged} alone. */
    volatile boolean awaited;
    private volatile Runnable whenDecided = () -> { };
    private volatile long submitted;

    MemoryExport(int sizeBytes) { content = new byte[sizeBytes]; }

    /** Two names for it, an unlisted one that is refused, and none other. */
    Exports asExports() {
        return new Exports() {
            @Override public Export open(String name) throws NoSuchExportException, ExportRefusedException {
                if (names().contains(name)) return MemoryExport.this;
                if (name.equals("locked")) throw new ExportRefusedException("volume 13 is locked");
                throw new NoSuchExportException("no volume " + name);
            }

            @Override public List<String> names() { return List.of("12", "twelve"); }
        };
    }

    static NbdOptions anyPort() { return NbdOptions.on(new InetSocketAddress("127.0.0.1", 0)); }

    @Override public long sizeBytes() { return content.length; }

    @Override public int minimumBlockBytes() { return minimumBlockBytes; }

    @Override public boolean readOnly() { return readOnly; }

    private void mayFail(long endBytes) throws IOException {
        var fails = failure;
        if (fails != null && endBytes > failAtBytes) throw fails;
    }

    @Override public synchronized void read(long offsetBytes, ByteBuffer into) throws IOException {
        mayFail(offsetBytes + into.remaining());
        into.put(content, (int) offsetBytes, into.remaining());
    }

    @Override public synchronized long write(long offsetBytes, ByteBuffer from, boolean durable) throws IOException {
        mayFail(offsetBytes + from.remaining());
        int count = from.remaining();
        if (minimumBlockBytes < BLOCK_BYTES) pieceStarts.add(offsetBytes);
        from.get(content, (int) offsetBytes, count);
        allocated.set((int) (offsetBytes / BLOCK_BYTES), (int) ((offsetBytes + count + BLOCK_BYTES - 1) / BLOCK_BYTES));
        if (!durable) unflushed.incrementAndGet();
        return numbered();
    }

    @Override public synchronized long zero(long offsetBytes, long lengthBytes, boolean durable) throws IOException {
        mayFail(offsetBytes + lengthBytes);
        Arrays.fill(content, (int) offsetBytes, (int) (offsetBytes + lengthBytes), (byte) 0);
        allocated.clear((int) (offsetBytes / BLOCK_BYTES), (int) ((offsetBytes + lengthBytes) / BLOCK_BYTES));
        if (!durable) unflushed.incrementAndGet();
        return numbered();
    }

    private long numbered() { return awaited ? ++submitted : ACKNOWLEDGED; }

    @Override public boolean decided(long number) { return acknowledgeGate.getCount() == 0; }

    @Override public void onDecided(Runnable told) { whenDecided = told; }

    /** The other end has all there is. */
    void acknowledge() {
        acknowledgeGate.countDown();
        whenDecided.run();
    }

    @Override public long acknowledged(long number) throws IOException {
        waits.incrementAndGet();
        try {
            acknowledgeGate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        var fails = failure;
        if (fails != null) throw fails;
        return submitted;
    }

    @Override public void flush() throws IOException {
        int covered = unflushed.get();
        try {
            flushGate.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        var fails = failure;
        if (fails != null) throw fails;
        unflushed.addAndGet(-covered);
        flushes.incrementAndGet();
    }

    @Override public synchronized Status statusAt(long offsetBytes, long endBytes) {
        int block = (int) (offsetBytes / BLOCK_BYTES);
        boolean here = allocated.get(block);
        int next = here ? allocated.nextClearBit(block) : allocated.nextSetBit(block);
        long end = next < 0 ? endBytes : Math.min(endBytes, (long) next * BLOCK_BYTES);
        return new Status(end - offsetBytes, here);
    }

    @Override public void onRevoked(Runnable drop) { drops.add(drop); }

    @Override public void close() { closes.incrementAndGet(); }
}
