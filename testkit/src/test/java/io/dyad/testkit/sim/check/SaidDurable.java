package io.dyad.testkit.sim.check;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * I1: what a target acknowledges as durable would be found there after a power cut at that very moment, and what it acknowledges
 * as received after a kill. Knows of one pipe what the source sent on it, by number.
 */
public final class SaidDurable {
    /** Of a long run of zeroes only so many blocks are looked at. */
    private static final int ZEROES_LOOKED_AT = 64;

    private final Deque<Sent> stream = new ArrayDeque<>();
    private final List<Sent> epoch = new ArrayList<>();
    private int landed;
    private long received = Long.MIN_VALUE;

    /** What must leave it there. */
    public enum Promise { NONE, SURVIVES_A_KILL, SURVIVES_A_POWER_CUT }

    /** The source has sent this. */
    public void sent(byte[] bytes) {
        Wire frame = Wire.of(bytes);
        switch (frame.type()) {
            case Wire.EPOCH -> {
                stream.clear();
                epoch.clear();
                landed = 0;
                received = Long.MIN_VALUE;
            }
            case Wire.BLOCKS, Wire.RUNS, Wire.ZEROES -> {
                Map<Integer, Long> blocks = new HashMap<>();
                frame.runs().forEach(r -> blocks.putAll(blocks(r.offsetBytes(), r.lengthBytes(), r.data())));
                epoch.add(new Sent(frame.number(), blocks));
            }
            case Wire.WRITES -> frame.writes().forEach(w -> stream.add(new Sent(w.number(), blocks(w.offsetBytes(), w.lengthBytes(), w.data()))));
            default -> { }
        }
    }

    private static Map<Integer, Long> blocks(long offsetBytes, long lengthBytes, ByteBuffer data) {
        if (data.hasRemaining()) return Prints.of(offsetBytes, data);
        Map<Integer, Long> zeroes = new HashMap<>();
        int first = (int) (offsetBytes / Prints.BLOCK_BYTES);
        int count = (int) Math.min(ZEROES_LOOKED_AT, lengthBytes / Prints.BLOCK_BYTES);
        for (int block = first; block < first + count; block++) zeroes.put(block, Prints.ZEROES);
        return zeroes;
    }

    /** What the target promises when it sends this. */
    public Promise promises(byte[] bytes) {
        Wire frame = Wire.of(bytes);
        return switch (frame.type()) {
            case Wire.COMMITTED -> epoch.isEmpty() ? Promise.NONE : Promise.SURVIVES_A_POWER_CUT;
            case Wire.ACK       -> acknowledges(frame) || frame.lengthBytes() > landed ? Promise.SURVIVES_A_POWER_CUT : Promise.NONE;
            case Wire.RECEIVED  -> acknowledges(frame) && frame.number() > received ? Promise.SURVIVES_A_KILL : Promise.NONE;
            default -> Promise.NONE;
        };
    }

    private boolean acknowledges(Wire ack) { return !stream.isEmpty() && stream.getFirst().number() <= ack.number(); }

    /** What is wrong with the promise, {@code found} being what the target would hold after that happened now; null when nothing is. */
    public @Nullable String wrong(byte[] bytes, IntToLongFunction found) {
        Wire frame = Wire.of(bytes);
        if (frame.type() == Wire.COMMITTED) return committed(found);
        if (frame.type() == Wire.RECEIVED) return received(frame.number(), found);
        String wrong = acknowledged(frame.number(), found);
        return wrong != null ? wrong : landed((int) frame.lengthBytes(), found);
    }

    private @Nullable String committed(IntToLongFunction found) {
        String wrong = Sent.missing(epoch, List.of(), found);
        epoch.clear();
        landed = 0;
        return wrong == null ? null : "committed an epoch of which " + wrong;
    }

    private @Nullable String received(long number, IntToLongFunction found) {
        long before = received;
        received = number;
        String wrong = Sent.missing(stream.stream().filter(w -> w.number() > before && w.number() <= number).toList(), stream.stream().filter(w -> w.number() > number).toList(), found);
        return wrong == null ? null : "received writes up to " + number + " of which " + wrong;
    }

    private @Nullable String acknowledged(long number, IntToLongFunction found) {
        List<Sent> said = new ArrayList<>();
        while (!stream.isEmpty() && stream.getFirst().number() <= number) said.add(stream.removeFirst());
        String wrong = Sent.missing(said, stream, found);
        return wrong == null ? null : "acknowledged writes up to " + number + " of which " + wrong;
    }

    private @Nullable String landed(int frames, IntToLongFunction found) {
        if (frames <= landed || frames > epoch.size()) return null;
        String wrong = Sent.missing(epoch.subList(landed, frames), epoch.subList(frames, epoch.size()), found);
        landed = frames;
        return wrong == null ? null : "says that " + frames + " frames are durable of which " + wrong;
    }
}
