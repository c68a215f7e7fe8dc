package io.dyad.testkit.sim;

import io.dyad.replication.Memo;
import io.dyad.replication.DamagedBlockException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One volume as its disk holds it: what reads see, and beside it for every block not flushed yet all that a crash may
 * bring back instead. {@link SimHandle} is its face while it is open.
 */
final class SimVolume {
    static final int REGION_BLOCKS = Memo.REGION_BYTES / Content.BYTES;

    /** What one block may be after a crash: {@code versions} from the durable one on; a kill keeps those from {@code kept} on. */
    private static final class Unflushed {
        final List<Content> versions = new ArrayList<>();
        int kept;
    }

    /** One append to the journal. */
    record Batch(long lastSeq, byte[] bytes) { }

    /** A durable cut: the content then, and the layer it ends with. */
    record Snapshot(BlockTable content, long sizeBytes, SimLayers.Layer layer) { }

    long sizeBytes;
    BlockTable now = new BlockTable();
    private final Map<Integer, Unflushed> unflushed = new HashMap<>();
    /** Blocks of which a bit has turned, wherever they are seen: what was written is known here, and no read gets it. */
    private final Set<Content> rotten = new LinkedHashSet<>();
    /** Healed since the last flush: a power cut may bring the old bytes back. */
    private final Set<Content> healed = new LinkedHashSet<>();
    final BitSet intents = new BitSet();
    private final BitSet settled = new BitSet();
    final List<Batch> journal = new ArrayList<>();
    int forced;
    byte[] mark = {};
    SimLayers layers = new SimLayers();
    final Map<UUID, Snapshot> snapshots = new LinkedHashMap<>();
    @Nullable SimStaged staged;
    @Nullable SimHandle handle;
    /** A sync has failed: until the volume is opened anew it takes nothing more, and nothing unflushed may be trusted. */
    boolean stopped;

    SimVolume(long sizeBytes) {
        if (sizeBytes % Content.BYTES != 0) throw new IllegalArgumentException("size " + sizeBytes);
        this.sizeBytes = sizeBytes;
    }

    SimHandle open(SimTrouble trouble) throws IOException {
        if (handle != null) throw new IOException("the volume is open already");
        stopped = false;
        return handle = new SimHandle(this, trouble);
    }

    /** Puts a block, at once for readers, for good with the next flush. */
    void put(int block, Content content) {
        int region = block / REGION_BLOCKS;
        intents.set(region);
        settled.clear(region);
        Unflushed u = unflushed.computeIfAbsent(block, b -> new Unflushed());
        if (u.versions.isEmpty()) u.versions.add(now.get(block));
        u.versions.add(content);
        if (layers.flat()) u.kept = u.versions.size() - 1;
        layers.wrote();
        now.put(block, content);
    }

    /** A bit of this block turns; false when there is none that could. */
    boolean rot(int block) {
        Content there = now.at(block);
        return there != null && rotten.add(there);
    }

    /** What has rotted and was this is whole again, wherever it is seen; false when there is none. No two blocks are ever written alike. */
    boolean heal(Content copy) {
        List<Content> whole = rotten.stream().filter(lost -> lost.print() == copy.print()).toList();
        whole.forEach(rotten::remove);
        healed.addAll(whole);
        return !whole.isEmpty();
    }

    boolean isRotten(BlockTable table, int block) { return !rotten.isEmpty() && rotten.contains(table.get(block)); }

    /** The blocks of a content that cannot be read any more. */
    BitSet rotten(BlockTable table) {
        BitSet blocks = new BitSet();
        if (!rotten.isEmpty()) table.each((content, block) -> blocks.set(block, rotten.contains(content)));
        return blocks;
    }

    /** Reads as a disk with checksums does. */
    void read(BlockTable table, long offsetBytes, ByteBuffer into) throws DamagedBlockException {
        int first = (int) (offsetBytes / Content.BYTES);
        for (int block = first; block < first + into.remaining() / Content.BYTES; block++) requireWhole(table.get(block), block);
        table.read(offsetBytes, into);
    }

    void requireWhole(Content content, int block) throws DamagedBlockException {
        if (!rotten.isEmpty() && rotten.contains(content)) throw new DamagedBlockException((long) block * Content.BYTES);
    }

    void flush() {
        unflushed.clear();
        healed.clear();
    }

    /** The staged layer is on top of everything, durably, and with it a snapshot of all there is, if one is named. */
    void commit(SimStaged layer, byte[] newMark, @Nullable UUID snapshot) {
        BitSet filled = layer.filled();
        layers.committed(filled.cardinality());
        unflushed.keySet().removeIf(filled::get);
        for (int block = filled.nextSetBit(0); block >= 0; block = filled.nextSetBit(block + 1)) now.put(block, layer.get(block));
        mark = newMark.clone();
        staged = null;
        if (snapshot != null) take(snapshot);
    }

    void take(UUID name) {
        flush();
        snapshots.put(name, new Snapshot(now.copy(), sizeBytes, layers.pin()));
    }

    void copy(UUID of, UUID name) throws FileNotFoundException {
        Snapshot from = snapshots.get(of);
        if (from == null) throw new FileNotFoundException("snapshot " + of);
        layers.pin(from.layer());
        snapshots.put(name, from);
    }

    /** Lets go of the intents outside {@code needed} whose writes are flushed; durable lazily, so a crash may bring them back. */
    void settle(BitSet needed) {
        BitSet gone = (BitSet) intents.clone();
        gone.andNot(needed);
        unflushed.keySet().forEach(block -> gone.clear(block / REGION_BLOCKS));
        intents.andNot(gone);
        settled.or(gone);
    }

    /** What an orderly close leaves; after a failed sync no more than a power cut would, and that can be seen until it is opened anew. */
    void close(SimTrouble trouble) {
        if (stopped) {
            crash(SimCrash.Kind.POWER, trouble.dice());
            stopped = true;
            return;
        }
        flush();
        if (staged != null && !staged.closed()) staged = null;
        handle = null;
    }

    /** What the disk holds when power or process fail now; closes the volume. */
    void crash(SimCrash.Kind kind, Random dice) {
        int mood = dice.nextInt(4);
        unflushed.forEach((block, u) -> {
            int least = kind == SimCrash.Kind.KILL ? u.kept : 0;
            int last = u.versions.size() - 1;
            now.put(block, u.versions.get(mood == 0 ? least : mood == 1 ? last : least + dice.nextInt(last - least + 1)));
        });
        unflushed.clear();
        if (kind == SimCrash.Kind.POWER) healed.stream().filter(c -> dice.nextBoolean()).forEach(rotten::add);
        healed.clear();
        int whole = kind == SimCrash.Kind.KILL ? journal.size() : forced + dice.nextInt(journal.size() - forced + 1);
        journal.subList(whole, journal.size()).clear();
        forced = whole;
        settled.stream().filter(r -> dice.nextBoolean()).forEach(intents::set);
        settled.clear();
        if (staged != null && !staged.crashed(dice)) staged = null;
        layers.restarted(snapshots.values().stream().map(Snapshot::layer).toList());
        stopped = false;
        handle = null;
    }

    SimVolume copy() {
        SimVolume copy = new SimVolume(sizeBytes);
        copy.now = now.copy();
        unflushed.forEach((block, u) -> {
            Unflushed same = new Unflushed();
            same.versions.addAll(u.versions);
            same.kept = u.kept;
            copy.unflushed.put(block, same);
        });
        copy.rotten.addAll(rotten);
        copy.healed.addAll(healed);
        copy.intents.or(intents);
        copy.settled.or(settled);
        copy.journal.addAll(journal);
        copy.forced = forced;
        copy.mark = mark;
        copy.layers = layers.copy();
        snapshots.forEach((name, s) -> copy.snapshots.put(name, new Snapshot(s.content, s.sizeBytes, copy.layers.get(layers.indexOf(s.layer)))));
        copy.staged = staged == null ? null : staged.copy();
        return copy;
    }

    /** The fingerprint of every block that is not zero. */
    Map<Integer, Long> prints() { return now.prints(); }
}
