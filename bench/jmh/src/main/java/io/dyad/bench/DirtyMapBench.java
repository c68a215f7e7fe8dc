package io.dyad.bench;

import io.dyad.replication.Blocks;
import io.dyad.replication.DirtyMap;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Blocks of 4 KiB scattered over a volume of 64 GiB: marked one by one, found again in order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DirtyMapBench {
    private static final long VOLUME_BYTES = 64L << 30;
    @Param({"0.01", "0.1"})
    public double share;
    private final Random chance = new Random(1);
    private DirtyMap map = new DirtyMap();
    private long cursorBytes;

    @Setup public void scatter() {
        map = new DirtyMap();
        for (long left = (long) (VOLUME_BYTES / Blocks.BLOCK_BYTES * share); left > 0; left--) map.mark(somewhere(), Blocks.BLOCK_BYTES);
    }

    private long somewhere() { return chance.nextLong(VOLUME_BYTES / Blocks.BLOCK_BYTES) * Blocks.BLOCK_BYTES; }

    /** Marks and takes away again, so that the map keeps its share. */
    @Benchmark public boolean markAndClear() {
        long at = somewhere();
        boolean held = map.contains(at);
        map.mark(at, Blocks.BLOCK_BYTES);
        if (!held) map.clear(at, Blocks.BLOCK_BYTES);
        return held;
    }

    /** The next run from where the last one ended, as the shipper asks. */
    @Benchmark public Blocks.Extent next() {
        Blocks.Extent run = map.next(cursorBytes, 1 << 20);
        cursorBytes = run.lengthBytes() == 0 ? 0 : run.endBytes();
        return run;
    }

    @Benchmark public long count() { return map.count(); }
}
