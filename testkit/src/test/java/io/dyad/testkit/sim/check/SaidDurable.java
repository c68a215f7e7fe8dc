package io.dyad.testkit.sim.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * I1: what a target acknowledges as durable would be found there after a power cut at that very moment. Knows of one pipe what
 * the source sent on it, by number.
 */
public final class SaidDurable {
    /** Of a long run of zeroes only so many blocks are looked at. */
    private static final int ZEROES_LOOKED_AT = 64;

    private record Sent(long number, Map<Integer, Long> blocks) { }

    private final Deque<Sent> stream = new ArrayDeque<>();
    private final List<Sent> epoch = new ArrayList<>();
    private int landed;

    /** The source has sent this. */
    public void sent(byte[] bytes) {
        Wire frame = Wire.of(bytes);
        switch (frame.type()) {
            case Wire.EPOCH -> {
                stream.clear();
                epoch.clear();
                landed = 0;
            }
            case Wire.BLOCKS, Wire.ZEROES -> epoch.add(new Sent(frame.number(), blocks(frame)));
            case Wire.WRITE, Wire.ZERO    -> stream.add(new Sent(frame.number(), blocks(frame)));
            default -> { }
        }
    }

    private static Map<Integer, Long> blocks(Wire frame) {
        if (frame.carriesBlocks()) return Prints.of(frame.offsetBytes(), frame.payload());
        Map<Integer, Long> zeroes = new HashMap<>();
        int first = (int) (frame.offsetBytes() / Prints.BLOCK_BYTES);
        int count = (int) Math.min(ZEROES_LOOKED_AT, frame.lengthBytes() / Prints.BLOCK_BYTES);
        for (int block = first; block < first + count; block++) zeroes.put(block, Prints.ZEROES);
        return zeroes;
    }

    /** True when what the target sends here promises that something is durable. */
    public boolean promises(byte[] bytes) {
        Wire frame = Wire.of(bytes);
        return frame.type() == Wire.COMMITTED && !epoch.isEmpty() || frame.type() == Wire.ACK && (acknowledges(frame) || frame.lengthBytes() > landed);
    }

    private boolean acknowledges(Wire ack) { return !stream.isEmpty() && stream.getFirst().number() <= ack.number(); }

    /** What is wrong with the promise, {@code found} being what the target would hold after a power cut now; null when nothing is. */
    public @Nullable String wrong(byte[] bytes, IntToLongFunction found) {
        Wire frame = Wire.of(bytes);
        if (frame.type() == Wire.COMMITTED) return committed(found);
        String wrong = acknowledged(frame.number(), found);
        return wrong != null ? wrong : landed((int) frame.lengthBytes(), found);
    }

    private @Nullable String committed(IntToLongFunction found) {
        String wrong = missing(epoch, List.of(), found);
        epoch.clear();
        landed = 0;
        return wrong == null ? null : "committed an epoch of which " + wrong;
    }

    private @Nullable String acknowledged(long number, IntToLongFunction found) {
        List<Sent> said = new ArrayList<>();
        while (!stream.isEmpty() && stream.getFirst().number() <= number) said.add(stream.removeFirst());
        String wrong = missing(said, stream, found);
        return wrong == null ? null : "acknowledged writes up to " + number + " of which " + wrong;
    }

    private @Nullable String landed(int frames, IntToLongFunction found) {
        if (frames <= landed || frames > epoch.size()) return null;
        String wrong = missing(epoch.subList(landed, frames), epoch.subList(frames, epoch.size()), found);
        landed = frames;
        return wrong == null ? null : "says that " + frames + " frames are durable of which " + wrong;
    }

    /** The first block that is neither what was sent last of what is promised, nor anything sent after. */
    private static @Nullable String missing(Collection<Sent> promised, Collection<Sent> later, IntToLongFunction found) {
        Map<Integer, Long> last = new HashMap<>();
        promised.forEach(s -> last.putAll(s.blocks()));
        Map<Integer, Set<Long>> may = new HashMap<>();
        later.forEach(s -> s.blocks().forEach((block, print) -> may.computeIfAbsent(block, b -> new HashSet<>()).add(print)));
        for (Map.Entry<Integer, Long> e : last.entrySet()) {
            long is = found.applyAsLong(e.getKey());
            if (is != e.getValue() && !may.getOrDefault(e.getKey(), Set.of()).contains(is)) return "block " + e.getKey() + " would be lost by a power cut now";
        }
        return null;
    }
}
