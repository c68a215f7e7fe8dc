package io.dyad.testkit.sim;

import io.dyad.replication.pairing.Ticker;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.UUID;

/** Virtual time, chance, and the one queue of all that is to happen; the same seed tells the same story. */
final class Scheduler implements Ticker {
    static final long MICROSECOND = 1_000;
    static final long MILLISECOND = 1_000_000;
    static final long SECOND = 1_000_000_000;
    private static final Instant DAWN = Instant.ofEpochSecond(1_700_000_000);

    /** Whose a task is: it is not done any more once the owner is dead, and later while it stands still. */
    interface Life {
        Life EVER = new Life() {
            @Override public boolean alive() { return true; }

            @Override public long awakeNs() { return Long.MIN_VALUE; }
        };

        boolean alive();

        /** Until then it does nothing. */
        long awakeNs();
    }

    private record Task(long atNs, long order, Life life, Runnable what) { }

    final Random dice;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::atNs).thenComparingLong(Task::order));
    private long nowNs = SECOND;
    private long order;

    Scheduler(long seed) { dice = new Random(seed); }

    void at(long atNs, Life life, Runnable what) { tasks.add(new Task(Math.max(atNs, nowNs), order++, life, what)); }

    /** Some time between now and {@code withinNs} from now. */
    void soon(long withinNs, Life life, Runnable what) { at(nowNs + between(1, withinNs), life, what); }

    /** Runs the next task; false when none is due by {@code untilNs}, and then it is that late. */
    boolean step(long untilNs) {
        Task next = tasks.peek();
        if (next == null || next.atNs > untilNs) {
            nowNs = Math.max(nowNs, untilNs);
            return false;
        }
        tasks.remove();
        nowNs = next.atNs;
        if (!next.life.alive()) return true;
        if (next.life.awakeNs() > nowNs) tasks.add(new Task(next.life.awakeNs(), next.order, next.life, next.what));
        else next.what.run();
        return true;
    }

    long between(long least, long most) { return least + (long) (dice.nextDouble() * (most - least + 1)); }

    int upTo(int most) { return dice.nextInt(most + 1); }

    boolean oneIn(int n) { return dice.nextInt(n) == 0; }

    @Override public long nowNs() { return nowNs; }

    @Override public Instant now() { return DAWN.plusNanos(nowNs); }

    @Override public UUID freshUuid() { return new UUID(dice.nextLong() & ~0xF000L | 0x4000L, dice.nextLong() & Long.MAX_VALUE >>> 1 | Long.MIN_VALUE); }
}
