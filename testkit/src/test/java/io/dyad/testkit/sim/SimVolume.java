package io.dyad.testkit.sim;

import io.dyad.replication.Memo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
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

    long sizeBytes;
    NavigableMap<Integer, Content> now = new TreeMap<>();
    private final Map<Integer, Unflushed> unflushed = new HashMap<>();
    final BitSet intents = new BitSet();
    private final BitSet settled = new BitSet();
    final List<Batch> journal = new ArrayList<>();
    int forced;
    byte[] mark = {};
    int foldable;
    boolean cut;
    @Nullable SimHandle handle;

    SimVolume(long sizeBytes) {
        if (sizeBytes % Content.BYTES != 0) throw new IllegalArgumentException("size " + sizeBytes);
        this.sizeBytes = sizeBytes;
    }

    SimHandle open(Runnable tick) throws IOException {
        if (handle != null) throw new IOException("the volume is open already");
        return handle = new SimHandle(this, tick);
    }

    /** Puts a block, at once for readers, for good with the next flush. */
    void put(int block, Content content) {
        int region = block / REGION_BLOCKS;
        intents.set(region);
        settled.clear(region);
        Unflushed u = unflushed.computeIfAbsent(block, b -> new Unflushed());
        if (u.versions.isEmpty()) u.versions.add(now.getOrDefault(block, Content.ZERO));
        u.versions.add(content);
        boolean base = !cut && foldable == 0;
        if (base) u.kept = u.versions.size() - 1;
        else foldable++;
        set(block, content);
    }

    /** Puts a block that is durable already, on top of everything. */
    void putDurably(int block, Content content) {
        unflushed.remove(block);
        foldable++;
        set(block, content);
    }

    private void set(int block, Content content) {
        if (content == Content.ZERO) now.remove(block);
        else now.put(block, content);
    }

    void flush() { unflushed.clear(); }

    /** Lets go of the intents outside {@code needed} whose writes are flushed; durable lazily, so a crash may bring them back. */
    void settle(BitSet needed) {
        BitSet gone = (BitSet) intents.clone();
        gone.andNot(needed);
        unflushed.keySet().forEach(block -> gone.clear(block / REGION_BLOCKS));
        intents.andNot(gone);
        settled.or(gone);
    }

    /** What the disk holds when power or process fail now; closes the volume. */
    void crash(SimCrash.Kind kind, Random dice) {
        int mood = dice.nextInt(4);
        unflushed.forEach((block, u) -> {
            int least = kind == SimCrash.Kind.KILL ? u.kept : 0;
            int last = u.versions.size() - 1;
            set(block, u.versions.get(mood == 0 ? least : mood == 1 ? last : least + dice.nextInt(last - least + 1)));
        });
        unflushed.clear();
        int whole = kind == SimCrash.Kind.KILL ? journal.size() : forced + dice.nextInt(journal.size() - forced + 1);
        journal.subList(whole, journal.size()).clear();
        forced = whole;
        settled.stream().filter(r -> dice.nextBoolean()).forEach(intents::set);
        settled.clear();
        cut = false;
        handle = null;
    }

    SimVolume copy() {
        SimVolume copy = new SimVolume(sizeBytes);
        copy.now = new TreeMap<>(now);
        unflushed.forEach((block, u) -> {
            Unflushed same = new Unflushed();
            same.versions.addAll(u.versions);
            same.kept = u.kept;
            copy.unflushed.put(block, same);
        });
        copy.intents.or(intents);
        copy.journal.addAll(journal);
        copy.forced = forced;
        copy.mark = mark;
        copy.foldable = foldable;
        return copy;
    }

    /** The fingerprint of every block that is not zero. */
    Map<Integer, Long> prints() {
        Map<Integer, Long> prints = new HashMap<>();
        now.forEach((block, content) -> {
            if (content.print() != 0) prints.put(block, content.print());
        });
        return prints;
    }

    static void read(NavigableMap<Integer, Content> from, long offsetBytes, ByteBuffer into) {
        for (int block = (int) (offsetBytes / Content.BYTES); into.hasRemaining(); block++)
            into.put(from.getOrDefault(block, Content.ZERO).bytes());
    }
}
