package io.dyad.bench;

import io.dyad.replication.BadFrameException;
import io.dyad.replication.Frame;
import io.dyad.replication.FrameType;
import java.nio.ByteBuffer;
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

/** A frame's header made and read, checksum over its payload included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameBench {
    @Param({"4096", "1048576"})
    public int payloadBytes;
    private Frame frame = Frame.of(FrameType.WRITES, 1);
    private final ByteBuffer header = ByteBuffer.allocateDirect(Frame.HEADER_BYTES);
    private ByteBuffer payload = ByteBuffer.allocate(0);

    @Setup public void fill() {
        payload = ByteBuffer.allocateDirect(payloadBytes);
        Random chance = new Random(1);
        while (payload.hasRemaining()) payload.putInt(chance.nextInt());
        payload.flip();
        frame = Frame.of(FrameType.WRITES, 1, 4096, payload);
    }

    @Benchmark public ByteBuffer write() {
        header.clear();
        frame.putHeader(header);
        return header;
    }

    /** Writing included: reading takes the checksum out of the header. */
    @Benchmark public Frame writeAndRead() throws BadFrameException {
        write();
        return Frame.parse(header.flip(), payload.duplicate(), () -> { });
    }
}
