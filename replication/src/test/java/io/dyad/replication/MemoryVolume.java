package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A volume in memory that loses nothing: the simulator's store is the one that does. Absent blocks are not in the map. */
final class MemoryVolume implements StoredVolume, Disk, LayerStack, Staging, Snapshots, Journal, Memo {
    private final NavigableMap<Long, byte[]> now = new TreeMap<>();
    private final Map<UUID, NavigableMap<Long, byte[]>> snapshots = new LinkedHashMap<>();
    private final List<Batch> journal = new ArrayList<>();
    private final BitSet intents = new BitSet();
    private long sizeBytes;
    private byte[] mark = {};
    /** Nothing is remembered any more. */
    boolean marksFail;
    /** The disk no longer keeps its word about the journal. */
    boolean forcesFail;
    /** The journal takes no batch. */
    boolean full;
    /** Runs when a fold waits for the disk. */
    Runnable beforeFold = () -> { };
    private @Nullable Filling filling;
    private record Batch(long lastSeq, byte[] bytes) { }

    /** Offsets of blocks that read as damaged until they are written: nobody knows their checksum. */
    final Set<Long> damaged = new HashSet<>();
    /** How often a staged layer was made durable. */
    int stageFlushes;
    /** Blocks of which a bit has turned, in every cut that holds them. */
    final Set<byte[]> rotten = Collections.newSetFromMap(new IdentityHashMap<>());

    MemoryVolume(long sizeBytes) { this.sizeBytes = sizeBytes; }

    NavigableMap<Long, byte[]> blocks() { return now; }

    /** A bit of this block turns. */
    void rot(long number) { rotten.add(java.util.Objects.requireNonNull(now.get(number * BLOCK_BYTES))); }

    /** One block as it is now. */
    byte[] block(long number) { return now.getOrDefault(number * BLOCK_BYTES, new byte[BLOCK_BYTES]).clone(); }

    /** One block of a snapshot that was taken. */
    byte[] block(UUID snapshot, long number) {
        return java.util.Objects.requireNonNull(snapshots.get(snapshot)).getOrDefault(number * BLOCK_BYTES, new byte[BLOCK_BYTES]);
    }

    @Override public Disk disk() { return this; }

    @Override public LayerStack layers() { return this; }

    @Override public Staging staging() { return this; }

    @Override public Snapshots snapshots() { return this; }

    @Override public Journal journal() { return this; }

    @Override public Memo memo() { return this; }

    @Override public void close() { }

    @Override public long sizeBytes() { return sizeBytes; }

    @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
        requireWhole(now, offsetBytes, into.remaining());
        read(now, offsetBytes, into);
    }

    private void requireWhole(NavigableMap<Long, byte[]> blocks, long offsetBytes, int length) throws DamagedBlockException {
        for (long at = offsetBytes; at < offsetBytes + length; at += BLOCK_BYTES) if (damaged.contains(at) || rotten.contains(blocks.get(at))) throw new DamagedBlockException(at);
    }

    private static void read(NavigableMap<Long, byte[]> blocks, long offsetBytes, ByteBuffer into) {
        for (long at = offsetBytes; into.hasRemaining(); at += BLOCK_BYTES) into.put(blocks.getOrDefault(at, new byte[BLOCK_BYTES]));
    }

    @Override public Extent extentAt(long offsetBytes, long endBytes) { return extent(now.keySet(), offsetBytes, endBytes); }

    private static Extent extent(Set<Long> present, long offsetBytes, long endBytes) {
        boolean in = present.contains(offsetBytes);
        long end = offsetBytes + BLOCK_BYTES;
        while (end < endBytes && present.contains(end) == in) end += BLOCK_BYTES;
        return new Extent(offsetBytes, end - offsetBytes, in);
    }

    @Override public void write(long offsetBytes, ByteBuffer from) { put(now, offsetBytes, from, damaged); }

    private void put(NavigableMap<Long, byte[]> into, long offsetBytes, ByteBuffer from, Set<Long> healed) {
        for (long at = offsetBytes; from.hasRemaining(); at += BLOCK_BYTES) {
            byte[] block = new byte[BLOCK_BYTES];
            from.get(block);
            into.put(at, block);
            healed.remove(at);
            intents.set((int) (at / REGION_BYTES));
        }
    }

    @Override public void zero(long offsetBytes, long lengthBytes) {
        now.subMap(offsetBytes, offsetBytes + lengthBytes).clear();
        for (long at = offsetBytes; at < offsetBytes + lengthBytes; at += BLOCK_BYTES) {
            damaged.remove(at);
            intents.set((int) (at / REGION_BYTES));
        }
    }

    @Override public void flush() { }

    @Override public void grow(long size) { sizeBytes = size; }

    // ---- layers and snapshots ----

    @Override public Frozen freeze() { return new View(new TreeMap<>(now)); }

    @Override public void ready() { beforeFold.run(); }

    @Override public boolean fold(int maxBlocks) { return false; }

    @Override public boolean heal(long offsetBytes, ByteBuffer copy) {
        byte[] whole = new byte[BLOCK_BYTES];
        copy.get(whole);
        return rotten.removeIf(lost -> Arrays.equals(lost, whole));
    }

    @Override public void take(UUID name, Optional<UUID> of) throws IOException {
        NavigableMap<Long, byte[]> content = of.isPresent() ? snapshots.get(of.get()) : now;
        if (content == null) throw new FileNotFoundException("there is no such snapshot");
        keep(name, content);
    }

    private void keep(UUID name, NavigableMap<Long, byte[]> content) {
        if (snapshots.size() >= MAX || snapshots.containsKey(name)) throw new IllegalStateException("snapshot " + name);
        snapshots.put(name, new TreeMap<>(content));
    }

    @Override public Frozen open(UUID name) throws IOException {
        NavigableMap<Long, byte[]> content = snapshots.get(name);
        if (content == null) throw new FileNotFoundException("snapshot " + name);
        return new View(content);
    }

    @Override public void delete(UUID name) { snapshots.remove(name); }

    @Override public boolean unwrittenSince(UUID name) { return snapshots.containsKey(name) && same(snapshots.get(name), now); }

    private static boolean same(NavigableMap<Long, byte[]> a, NavigableMap<Long, byte[]> b) {
        return a.keySet().equals(b.keySet()) && a.entrySet().stream().allMatch(e -> Arrays.equals(e.getValue(), b.get(e.getKey())));
    }

    @Override public Set<UUID> names() { return snapshots.keySet(); }

    private final class View implements Frozen {
        private final NavigableMap<Long, byte[]> blocks;
        private final long size = sizeBytes;

        View(NavigableMap<Long, byte[]> blocks) { this.blocks = blocks; }

        @Override public long sizeBytes() { return size; }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
            requireWhole(blocks, offsetBytes, into.remaining());
            MemoryVolume.read(blocks, offsetBytes, into);
        }

        @Override public Extent extentAt(long offsetBytes, long endBytes) { return extent(blocks.keySet(), offsetBytes, endBytes); }

        @Override public void close() { }
    }

    @Override public Staged stage() {
        if (filling != null) throw new IllegalStateException("a layer is staged already");
        return filling = new Filling();
    }

    @Override public Optional<Staged> unfinished() { return Optional.ofNullable(filling); }

    private final class Filling implements Staged {
        private final NavigableMap<Long, byte[]> written = new TreeMap<>();
        private final Set<Long> zeroed = new HashSet<>();

        @Override public void write(long offsetBytes, ByteBuffer from) { put(written, offsetBytes, from, zeroed); }

        @Override public void zero(long offsetBytes, long lengthBytes) {
            written.subMap(offsetBytes, offsetBytes + lengthBytes).clear();
            for (long at = offsetBytes; at < offsetBytes + lengthBytes; at += BLOCK_BYTES) zeroed.add(at);
        }

        @Override public Extent filledAt(long offsetBytes, long endBytes) {
            Set<Long> filled = new HashSet<>(written.keySet());
            filled.addAll(zeroed);
            return extent(filled, offsetBytes, endBytes);
        }

        private NavigableMap<Long, byte[]> result() {
            NavigableMap<Long, byte[]> all = new TreeMap<>(now);
            all.keySet().removeAll(zeroed);
            all.putAll(written);
            return all;
        }

        @Override public long sizeBytes() { return sizeBytes; }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
            requireWhole(result(), offsetBytes, into.remaining());
            MemoryVolume.read(result(), offsetBytes, into);
        }

        @Override public Extent extentAt(long offsetBytes, long endBytes) { return extent(result().keySet(), offsetBytes, endBytes); }

        @Override public void flush() { stageFlushes++; }

        @Override public void commit(byte[] record, Optional<UUID> snapshot) {
            NavigableMap<Long, byte[]> all = result();
            now.clear();
            now.putAll(all);
            damaged.removeAll(written.keySet());
            mark = record.clone();
            snapshot.ifPresent(name -> keep(name, now));
            filling = null;
        }

        @Override public void discard() { filling = null; }
    }

    // ---- journal and memo ----

    @Override public void append(long lastSeq, ByteBuffer batch) throws IOException {
        if (full) throw new StoreFullException("no room", new IOException());
        byte[] bytes = new byte[batch.remaining()];
        batch.get(bytes);
        journal.add(new Batch(lastSeq, bytes));
    }

    @Override public void force() throws IOException {
        if (forcesFail) throw new IOException("a force failed");
    }

    @Override public boolean damaged() { return false; }

    @Override public void replay(Reader reader) throws IOException {
        for (Batch batch : List.copyOf(journal)) reader.batch(batch.lastSeq(), ByteBuffer.wrap(batch.bytes()));
    }

    @Override public void reset() { journal.clear(); }

    @Override public BitSet intents() { return (BitSet) intents.clone(); }

    @Override public void settle(BitSet needed) { intents.and(needed); }

    @Override public byte[] mark() { return mark.clone(); }

    @Override public void mark(byte[] record) throws IOException {
        if (marksFail) throw new IOException("no mark is taken");
        mark = record.clone();
    }
}
