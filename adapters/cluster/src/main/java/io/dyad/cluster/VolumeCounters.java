package io.dyad.cluster;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what hosts do with a volume since it was opened. Safe for any thread; sampled by the clock's alone. */
final class VolumeCounters {
    private static final long BLOCK_BYTES = 4096;
    private final Direction reads = new Direction();
    private final Direction writes = new Direction();
    private volatile Sample sample = new Sample(Activity.NONE, 0, Activity.NONE, Duration.ZERO);

    private static final class Direction {
        final LongAdder ops = new LongAdder();
        final LongAdder bytes = new LongAdder();
        final LongAdder unaligned = new LongAdder();
        final LongAdder nanos = new LongAdder();

        void add(long offsetBytes, long lengthBytes, long tookNanos) {
            ops.increment();
            bytes.add(lengthBytes);
            if ((offsetBytes | lengthBytes) % BLOCK_BYTES != 0) unaligned.increment();
            nanos.add(tookNanos);
        }
    }

    /** {@code upTo} was counted at {@code atNs}; {@code during} the {@code period} before that. */
    private record Sample(Activity upTo, long atNs, Activity during, Duration period) { }

    void read(long offsetBytes, long lengthBytes, long sinceNs) { reads.add(offsetBytes, lengthBytes, System.nanoTime() - sinceNs); }

    void wrote(long offsetBytes, long lengthBytes, long sinceNs) { writes.add(offsetBytes, lengthBytes, System.nanoTime() - sinceNs); }

    Activity total() {
        return new Activity(reads.ops.sum(), reads.bytes.sum(), writes.ops.sum(), writes.bytes.sum(), reads.unaligned.sum(), writes.unaligned.sum(),
            reads.nanos.sum(), writes.nanos.sum());
    }

    /** Ends one sample period and begins the next. */
    void sample(long nowNs) {
        Sample last = sample;
        Activity now = total();
        Duration period = last.atNs() == 0 ? Duration.ZERO : Duration.ofNanos(nowNs - last.atNs());
        sample = new Sample(now, nowNs, period.isZero() ? Activity.NONE : now.minus(last.upTo()), period);
    }

    Activity lastSample() { return sample.during(); }

    Duration samplePeriod() { return sample.period(); }
}
