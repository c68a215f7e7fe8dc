package io.dyad.peerlink;

import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.FrameType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Measures one pipe on loopback with frames of 1 MiB: run by hand with a transport and a number of GiB. */
final class PipeThroughput {
    private PipeThroughput() { }

    public static void main(String[] args) throws Exception {
        Transport transport = Transport.valueOf(args[0]);
        int frames = Integer.parseInt(args[1]) << 10;
        Path dir = Files.createTempDirectory("pipe");
        try (Cluster a = new Cluster(dir, "a", s -> s.transport(transport)); Cluster b = new Cluster(dir, "b", s -> s.transport(transport))) {
            UUID pair = a.pairWith(b);
            for (int round = 0; round < 3; round++) measure(a, b, pair, frames);
        }
        System.exit(0);
    }

    private static void measure(Cluster a, Cluster b, UUID pair, int frames) throws Exception {
        CountDownLatch left = new CountDownLatch(frames);
        a.receiving = pipe -> new FramePipe.Receiver() {
            @Override public void frame(Frame frame) {
                frame.release();
                left.countDown();
            }

            @Override public void closed(String why) { }
        };
        FramePipe pipe = b.network().openPipe(pair, UUID.randomUUID(), new Cluster.Inbox());
        ByteBuffer payload = ByteBuffer.allocateDirect(1 << 20);
        new java.util.Random(1).ints(1 << 18).forEach(payload::putInt);
        payload.flip();
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = os.getProcessCpuTime();
        long start = System.nanoTime();
        for (int i = 0; i < frames; i++) pipe.send(Frame.of(FrameType.values()[0], i, (long) i << 20, payload));
        left.await();
        double seconds = (System.nanoTime() - start) / 1e9;
        double gb = frames * (double) (1 << 20) / 1e9;
        System.out.printf("%.2f GB/s, %.2f core-seconds per GB%n", gb / seconds, (os.getProcessCpuTime() - cpu) / 1e9 / gb);
        pipe.close();
    }
}
