package io.dyad.cli.history;

import io.dyad.cli.history.Judge.Misfit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** What a disk holds of a history: per block the number of its write, 0 for none; and the first block that holds no such thing. */
public record Finding(int[] seen, Optional<Misfit> torn) {
    private static final int PIECE_BLOCKS = 1024;

    /** Where blocks are read from; fills the buffer. */
    public interface Source {
        void read(long offsetBytes, ByteBuffer into) throws IOException;
    }

    /** What a disk, which does not change meanwhile, holds of the history in a file. */
    public static Finding read(Path history, Source disk) throws IOException { return read(HistoryReader.read(history), disk); }

    /** How many blocks hold a write. */
    public int written() {
        int count = 0;
        for (int write : seen) if (write > 0) count++;
        return count;
    }

    /** How many blocks hold something else on the other disk. */
    public int differing(Finding other) {
        int count = 0;
        for (int block = 0; block < seen.length; block++) if (seen[block] != other.seen[block]) count++;
        return count;
    }

    /** Reads every block that was ever written, in pieces of at most 4 MiB. */
    static Finding read(History history, Source disk) throws IOException {
        int[] seen = new int[history.blocks];
        Optional<Misfit> torn = Optional.empty();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BLOCKS * Stamp.BLOCK_BYTES);
        for (int first = history.touched.nextSetBit(0); first >= 0; ) {
            int end = Math.min(history.touched.nextClearBit(first), first + PIECE_BLOCKS);
            disk.read((long) first * Stamp.BLOCK_BYTES, piece.clear().limit((end - first) * Stamp.BLOCK_BYTES));
            for (int block = first; block < end; block++) {
                ByteBuffer content = piece.slice((block - first) * Stamp.BLOCK_BYTES, Stamp.BLOCK_BYTES);
                Optional<String> why = wrong(history, block, content);
                if (why.isEmpty()) seen[block] = number(history, content);
                else if (torn.isEmpty()) torn = Optional.of(new Misfit(block, why.get()));
            }
            first = history.touched.nextSetBit(end);
        }
        return new Finding(seen, torn);
    }

    private static int number(History history, ByteBuffer content) {
        return history.knows(Stamp.idOf(content)) ? Math.toIntExact(Stamp.numberOf(content)) : 0;
    }

    /** Why the content is none that the history knows for this block. */
    private static Optional<String> wrong(History history, int block, ByteBuffer content) {
        if (!history.knows(Stamp.idOf(content))) {
            if (history.startsZero && !Stamp.isZero(content)) return Optional.of("it holds neither zeroes nor a write of the history");
            return history.knows(Stamp.tailOf(content)) ? Optional.of("it ends with a write of the history and begins with something else") : Optional.empty();
        }
        long number = Stamp.numberOf(content);
        if (number < 1 || number > history.writes() || history.idOf((int) number) != Stamp.idOf(content)) return Optional.of("it holds write " + number + ", which the history does not know");
        int write = (int) number;
        if (block < history.firstOf(write) || block >= history.endOf(write)) return Optional.of("it holds write " + number + ", which belongs elsewhere");
        return new Stamp(Stamp.idOf(content), number, block).isIn(content) ? Optional.empty() : Optional.of("it holds parts of write " + number + " only");
    }
}
