package io.dyad.cli.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a history file and refuses in words what does not make sense. A last line that the writer could not finish is left out. */
final class HistoryReader {
    /** The file is not a history, or says what cannot be. */
    static final class BadHistoryException extends IOException {
        private static final long serialVersionUID = 1;

        BadHistoryException(String message) { super(message); }
    }

    private final Path file;
    private final Map<Integer, Integer> flushes = new HashMap<>();
    private final List<int[]> held = new ArrayList<>();
    private int moment;
    private int since;
    private boolean looking;
    private boolean moved;
    private @Nullable History history;
    /** Whether a write is in flight, and per block the last write to it. */
    private final BitSet flying = new BitSet();
    private int[] lastOn = {};

    private HistoryReader(Path file) { this.file = file; }

    static History read(Path file) throws IOException { return new HistoryReader(file).read(); }

    private History read() throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String line = lines.readLine();
            while (line != null) {
                String next = lines.readLine();
                moment++;
                if (next != null || endsWithNewline()) take(line);
                line = next;
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw bad("a number is missing or is none");
        }
        History read = history;
        if (read == null) throw bad("it is no history: the first line is not dyad-history 1 …");
        return read;
    }

    private boolean endsWithNewline() throws IOException {
        try (var channel = Files.newByteChannel(file)) {
            var last = java.nio.ByteBuffer.allocate(1);
            channel.position(Math.max(0, channel.size() - 1)).read(last);
            return last.get(0) == '\n';
        }
    }

    private void take(String line) throws BadHistoryException {
        String[] words = line.split(" ", -1);
        History h = history;
        if (h == null) {
            history = header(words);
            return;
        }
        if (!words[0].equals("holds") && !words[0].equals("seen")) looking = false;    // a look that the host could not finish
        switch (words[0]) {
            case "write"   -> write(h, words);
            case "done"    -> done(h, Integer.parseInt(words[1]));
            case "flush"   -> flushes.put(Integer.parseInt(words[1]), h.doneCount());
            case "flushed" -> flushed(h, Integer.parseInt(words[1]));
            case "lost"    -> lost(h);
            case "looked"  -> looked(words);
            case "holds"   -> held.add(new int[] {block(h, Integer.parseInt(words[1])), known(h, Integer.parseInt(words[2]))});
            case "seen"    -> seen(h, Integer.parseInt(words[1]));
            case "id"      -> h.stampsWith(Long.parseUnsignedLong(words[1], 16));
            default        -> throw bad("nobody knows the word " + words[0]);
        }
    }

    private History header(String[] words) throws BadHistoryException {
        boolean right = words.length == 6 && words[0].equals("dyad-history") && words[2].equals("blocks") && words[4].equals("start") && words[5].matches("zero|unknown");
        if (!right) throw bad("it is no history: the first line is not dyad-history 1 blocks NUMBER start zero|unknown");
        if (!words[1].equals("1")) throw bad("its format is " + words[1] + ", this program reads 1");
        int blocks = Integer.parseInt(words[3]);
        if (blocks < 1) throw bad("it has no blocks");
        lastOn = new int[blocks];
        return new History(blocks, words[5].equals("zero"));
    }

    private void write(History h, String[] words) throws BadHistoryException {
        int number = Integer.parseInt(words[1]);
        int first = Integer.parseInt(words[2]);
        int count = Integer.parseInt(words[3]);
        if (number != h.writes() + 1) throw bad("write " + number + " comes after write " + h.writes());
        if (first < 0 || count < 1 || count > h.blocks - first) throw bad("write " + number + " leaves the " + h.blocks + " blocks");
        for (int block = first; block < first + count; block++) {
            int other = lastOn[block];
            if (other > 0 && flying.get(other)) throw bad("write " + number + " touches block " + block + " while write " + other + " is in flight there");
            lastOn[block] = number;
        }
        h.issued(moment, first, count, words.length > 5 && words[5].equals("durable"));
        flying.set(number);
    }

    private void done(History h, int write) throws BadHistoryException {
        if (known(h, write) == 0 || !flying.get(write)) throw bad("write " + write + " is done without being in flight");
        flying.clear(write);
        h.done(moment, write);
    }

    private void flushed(History h, int flush) throws BadHistoryException {
        Integer upTo = flushes.remove(flush);
        if (upTo == null) throw bad("flush " + flush + " is answered without being in flight");
        h.flushed(since, upTo);
        since = Math.max(since, upTo);
    }

    private void lost(History h) {
        flushes.clear();
        since = h.doneCount();
        flying.clear();
    }

    private void looked(String[] words) throws BadHistoryException {
        if (!flying.isEmpty()) throw bad("the host looks while writes are in flight");
        looking = true;
        moved = words.length > 2 && words[2].equals("moved");
        held.clear();
    }

    private void seen(History h, int count) throws BadHistoryException {
        if (!looking || held.size() != count) throw bad("a look says it found " + count + " other blocks and names " + held.size());
        looking = false;
        h.looks.add(new History.Look(moment, moved, h.writes(), held.stream().mapToInt(b -> b[0]).toArray(), held.stream().mapToInt(b -> b[1]).toArray()));
    }

    private int block(History h, int block) throws BadHistoryException {
        if (block < 0 || !h.touched.get(block)) throw bad("block " + block + " was never written");
        return block;
    }

    private int known(History h, int write) throws BadHistoryException {
        if (write < 0 || write > h.writes()) throw bad("there is no write " + write);
        return write;
    }

    private BadHistoryException bad(String why) { return new BadHistoryException(file + ", line " + moment + ": " + why); }
}
