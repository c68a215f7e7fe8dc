package io.dyad.cli.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A recorded history in memory: 16 bytes a write beside what the host saw. Writes are numbered from 1; a moment is the number of a
 * line of the file. Filled by {@link HistoryReader}, read by {@link Judge}.
 */
final class History {
    /** What the host read when it came back: every touched block its last write, but for these. */
    record Look(int moment, boolean moved, int issued, int[] blocks, int[] held) { }

    final int blocks;
    final boolean startsZero;
    final BitSet touched = new BitSet();
    final List<Look> looks = new ArrayList<>();
    private final TreeMap<Integer, Long> ids = new TreeMap<>();
    private final BitSet durable = new BitSet();
    private final BitSet covered = new BitSet();
    private int[] first = new int[1024];
    private int[] count = new int[1024];
    private int[] issuedAt = new int[1024];
    private int[] doneAt = new int[1024];
    private int[] doneOrder = new int[1024];
    private int writes;
    private int done;

    History(int blocks, boolean startsZero) {
        this.blocks = blocks;
        this.startsZero = startsZero;
    }

    // ---- as it is read ----

    void stampsWith(long id) { ids.put(writes + 1, id); }

    void issued(int moment, int firstBlock, int blockCount, boolean whenDoneDurable) {
        int write = ++writes;
        if (write == first.length) grow();
        first[write] = firstBlock;
        count[write] = blockCount;
        issuedAt[write] = moment;
        durable.set(write, whenDoneDurable);
        touched.set(firstBlock, firstBlock + blockCount);
    }

    private void grow() {
        int length = Math.toIntExact(2L * first.length);
        first = Arrays.copyOf(first, length);
        count = Arrays.copyOf(count, length);
        issuedAt = Arrays.copyOf(issuedAt, length);
        doneAt = Arrays.copyOf(doneAt, length);
        doneOrder = Arrays.copyOf(doneOrder, length);
    }

    void done(int moment, int write) {
        doneAt[write] = moment;
        doneOrder[done++] = write;
        if (durable.get(write)) covered.set(write);
    }

    /** A flush was answered that left when so many writes were done; those before {@code from} were lost sight of. */
    void flushed(int from, int upTo) {
        for (int i = from; i < upTo; i++) covered.set(doneOrder[i]);
    }

    /** Per block the last write that took effect as far as the host knows, 0 for none. */
    int[] last() {
        int[] last = new int[blocks];
        int write = 1;
        for (Look look : looks) {
            for (; write <= look.issued(); write++) Arrays.fill(last, firstOf(write), endOf(write), write);
            for (int i = 0; i < look.blocks().length; i++) last[look.blocks()[i]] = look.held()[i];
        }
        for (; write <= writes; write++) Arrays.fill(last, firstOf(write), endOf(write), write);
        return last;
    }

    // ---- as it is judged ----

    int writes() { return writes; }

    int doneCount() { return done; }

    /** The write that was the {@code index}th to be answered, from 0. */
    int doneAs(int index) { return doneOrder[index]; }

    int firstOf(int write) { return first[write]; }

    int endOf(int write) { return first[write] + count[write]; }

    int issuedAt(int write) { return issuedAt[write]; }

    /** 0 when it was never answered. */
    int doneAt(int write) { return doneAt[write]; }

    /** Answered, and a flush after that was answered too. */
    boolean isFlushed(int write) { return covered.get(write); }

    boolean knows(long id) { return ids.containsValue(id); }

    /** The id that a write's blocks carry. */
    long idOf(int write) {
        Map.Entry<Integer, Long> since = ids.floorEntry(write);
        if (since == null) throw new IllegalStateException("a write before any id");
        return since.getValue();
    }
}
