package io.dyad.volumefiles;

import io.dyad.replication.StoreFullException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files in memory on a disk that forgets. A power cut leaves of each 512-byte sector, each length and each name any version
 * it had since it was last forced; a kill leaves everything.
 */
final class LossyFiles implements FileLayer {
    private static final int SECTOR = 512;
    private static final byte[] ZEROES = new byte[SECTOR];

    private final Map<Path, File> names = new TreeMap<>();
    private final Map<Path, List<@Nullable File>> formerNames = new HashMap<>();
    private int life;
    private long stepsLeft = Long.MAX_VALUE;
    boolean forgetsForces;
    boolean failsForces;
    boolean failsReads;
    boolean failsWrites;
    boolean full;
    int forces;

    /** Thrown by every call after the machine has stopped. */
    static final class Stopped extends IOException {
        private static final long serialVersionUID = 1;

        Stopped() { super("the machine has stopped"); }
    }

    /** Lets the machine stop in the middle of what follows, after so many calls that change something. */
    void stopAfter(long calls) { stepsLeft = calls; }

    boolean stopped() { return stepsLeft <= 0; }

    /** The process dies, the machine stays: every handle is void, every byte is kept. */
    void kill() {
        life++;
        stepsLeft = Long.MAX_VALUE;
    }

    /** The machine loses what was not forced, as chance will have it. */
    void cutPower(Random chance) {
        kill();
        formerNames.forEach((path, former) -> {
            @Nullable File now = names.get(path);
            int pick = chance.nextInt(former.size() + 1);
            @Nullable File left = pick == former.size() ? now : former.get(pick);
            if (left == null) names.remove(path);
            else names.put(path, left);
        });
        formerNames.clear();
        names.values().stream().distinct().forEach(file -> file.cutPower(chance));
    }

    /** The one byte at a place of a file turns. */
    void flip(Path path, long at, int bits) {
        File file = existing(path);
        byte[] sector = file.sector(at / SECTOR).clone();
        sector[(int) (at % SECTOR)] ^= (byte) bits;
        file.sectors.put(at / SECTOR, sector);
    }

    long sizeOf(Path path) { return existing(path).size; }

    private File existing(Path path) {
        File file = names.get(path);
        if (file == null) throw new AssertionError("no file " + path + " among " + names.keySet());
        return file;
    }

    private void step() throws IOException {
        if (stopped()) throw new Stopped();
        stepsLeft--;
    }

    private void name(Path path, @Nullable File file) throws IOException {
        step();
        formerNames.computeIfAbsent(path, p -> new ArrayList<>()).add(names.get(path));
        if (file == null) names.remove(path);
        else names.put(path, file);
    }

    @Override public synchronized Handle open(Path file) throws IOException {
        if (!names.containsKey(file)) name(file, new File());
        return new Open(existing(file), life);
    }

    @Override public synchronized void rename(Path from, Path to) throws IOException {
        File file = existing(from);
        name(to, file);
        name(from, null);
    }

    @Override public synchronized void delete(Path path) throws IOException {
        if (names.containsKey(path)) name(path, null);
    }

    @Override public synchronized List<Path> list(Path dir) {
        return names.keySet().stream().filter(path -> path.startsWith(dir) && !path.equals(dir))
                .map(path -> dir.resolve(path.getName(dir.getNameCount()))).distinct().toList();
    }

    @Override public void makeDirectory(Path dir) { }

    @Override public synchronized void forceDirectory(Path dir) throws IOException {
        step();
        if (failsForces) throw new IOException("the disk fails");
        if (!forgetsForces) formerNames.keySet().removeIf(path -> dir.equals(path.getParent()));
    }

    @Override public Closeable lock(Path file) { return () -> { }; }

    private static final class File {
        private final Map<Long, byte[]> sectors = new HashMap<>();
        private final Map<Long, List<byte[]>> formerSectors = new TreeMap<>();
        private final List<Long> formerSizes = new ArrayList<>();
        private long size;

        byte[] sector(long index) { return sectors.getOrDefault(index, ZEROES); }

        void put(long index, byte[] content) {
            formerSectors.computeIfAbsent(index, i -> new ArrayList<>()).add(sector(index));
            sectors.put(index, content);
        }

        void resize(long bytes) {
            formerSizes.add(size);
            if (bytes < size) {
                List<Long> gone = sectors.keySet().stream().filter(i -> i * SECTOR >= bytes).toList();
                gone.forEach(i -> put(i, ZEROES));
                cutLastSector(bytes);
            }
            size = bytes;
        }

        /** Bytes behind the end are zeroes, should the file ever grow over them. */
        private void cutLastSector(long end) {
            if (end % SECTOR != 0 && sectors.containsKey(end / SECTOR)) {
                put(end / SECTOR, Arrays.copyOf(Arrays.copyOf(sector(end / SECTOR), (int) (end % SECTOR)), SECTOR));
            }
        }

        void force() {
            formerSectors.clear();
            formerSizes.clear();
        }

        void cutPower(Random chance) {
            formerSectors.forEach((index, former) -> {
                int pick = chance.nextInt(former.size() + 1);
                if (pick < former.size()) sectors.put(index, former.get(pick));
            });
            int pick = chance.nextInt(formerSizes.size() + 1);
            if (pick < formerSizes.size()) size = formerSizes.get(pick);
            sectors.keySet().removeIf(i -> i * SECTOR >= size);
            cutLastSector(size);
            force();
        }
    }

    private final class Open implements Handle {
        private final File file;
        private final int born;

        Open(File file, int born) {
            this.file = file;
            this.born = born;
        }

        private void alive() throws IOException {
            if (born != life || stopped()) throw new Stopped();
        }

        @Override public int read(long position, ByteBuffer into) throws IOException {
            synchronized (LossyFiles.this) {
                alive();
                if (failsReads) throw new IOException("Input/output error");
                int start = into.position();
                long at = position;
                while (into.hasRemaining() && at < file.size) {
                    int inside = (int) (at % SECTOR);
                    int length = (int) Math.min(Math.min(SECTOR - inside, into.remaining()), file.size - at);
                    into.put(file.sector(at / SECTOR), inside, length);
                    at += length;
                }
                return into.position() - start;
            }
        }

        @Override public void write(long position, ByteBuffer from) throws IOException {
            synchronized (LossyFiles.this) {
                alive();
                step();
                if (failsWrites) throw new IOException("Input/output error");
                long at = position;
                while (from.hasRemaining()) {
                    if (full && from.remaining() <= SECTOR) throw new StoreFullException("No space left on device");
                    byte[] sector = file.sector(at / SECTOR).clone();
                    int inside = (int) (at % SECTOR);
                    int length = Math.min(SECTOR - inside, from.remaining());
                    from.get(sector, inside, length);
                    file.put(at / SECTOR, sector);
                    at += length;
                    if (at > file.size) {
                        file.formerSizes.add(file.size);
                        file.size = at;
                    }
                }
            }
        }

        @Override public void force() throws IOException {
            synchronized (LossyFiles.this) {
                alive();
                step();
                forces++;
                if (failsForces) throw new IOException("the disk fails");
                if (!forgetsForces) file.force();
            }
        }

        @Override public long size() throws IOException {
            alive();
            return file.size;
        }

        @Override public void resize(long sizeBytes) throws IOException {
            synchronized (LossyFiles.this) {
                alive();
                step();
                file.resize(sizeBytes);
            }
        }

        @Override public void close() { }
    }
}
