package io.dyad.volumefiles;

import io.dyad.domain.VolumeId;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.VolumeStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Volumes in a directory, each in {@code volume-N}. One process at a time has the directory. A volume exists from the moment
 * its manifest does.
 */
public final class FileVolumeStore implements VolumeStore, Closeable {
    private static final String PREFIX = "volume-";

    private final FileLayer files;
    private final Path dir;
    private final MapBudget maps;
    private final Closeable lock;
    private final Set<VolumeId> open = new HashSet<>();

    private FileVolumeStore(FileLayer files, Path dir, MapBudget maps, Closeable lock) {
        this.files = files;
        this.dir = dir;
        this.maps = maps;
        this.lock = lock;
    }

    /** Opens the store in {@code dir} and makes the directory when it is absent. */
    public static FileVolumeStore open(Path dir) throws IOException { return open(dir, MapBudget.SHARED); }

    /** The maps of all volumes take no more memory than the budget, which other stores may share. */
    public static FileVolumeStore open(Path dir, MapBudget maps) throws IOException { return open(new NioFileLayer(), dir, maps); }

    public static FileVolumeStore open(FileLayer files, Path dir) throws IOException { return open(files, dir, MapBudget.SHARED); }

    public static FileVolumeStore open(FileLayer files, Path dir, MapBudget maps) throws IOException {
        files.makeDirectory(dir);
        FileVolumeStore store = new FileVolumeStore(files, dir, maps, files.lock(dir.resolve("lock")));
        try {
            store.dropUnfinished();
            return store;
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    private void dropUnfinished() throws IOException {
        for (Path path : files.list(dir)) {
            String name = path.getFileName().toString();
            if (name.matches(PREFIX + "\\d+") && !exists(path)) erase(path);
        }
    }

    @Override public synchronized StoredVolume create(VolumeId id, long sizeBytes) throws IOException {
        FileDisk.checkSize(sizeBytes);
        Path path = pathOf(id);
        if (exists(path)) throw new IOException("volume " + id + " exists already");
        files.makeDirectory(path);
        files.forceDirectory(dir);
        try {
            VolumeDirectory.create(placeOf(path), sizeBytes);
        } catch (IOException e) {
            if (!exists(path)) erase(path);
            throw e;
        }
        return open(id);
    }

    @Override public synchronized StoredVolume open(VolumeId id) throws IOException {
        if (!exists(pathOf(id))) throw new IOException("there is no volume " + id + " in " + dir);
        if (!open.add(id)) throw new IllegalStateException("volume " + id + " is open already");
        try {
            return FileVolume.open(placeOf(pathOf(id)), id, () -> closed(id));
        } catch (IOException | RuntimeException e) {
            open.remove(id);
            throw e;
        }
    }

    private synchronized void closed(VolumeId id) { open.remove(id); }

    @Override public synchronized void delete(VolumeId id) throws IOException {
        if (open.contains(id)) throw new IllegalStateException("volume " + id + " is open");
        Path path = pathOf(id);
        if (!exists(path)) return;
        files.delete(path.resolve(Manifest.NAME));
        files.forceDirectory(path);
        erase(path);
    }

    @Override public synchronized Set<VolumeId> volumes() throws IOException {
        Set<VolumeId> ids = new TreeSet<>();
        for (Path path : files.list(dir)) {
            String name = path.getFileName().toString();
            if (name.matches(PREFIX + "\\d+") && exists(path)) ids.add(new VolumeId(Long.parseLong(name.substring(PREFIX.length()))));
        }
        return ids;
    }

    /** Lets another process have the directory. Volumes are closed before. */
    @Override public void close() throws IOException { lock.close(); }

    private Path pathOf(VolumeId id) { return dir.resolve(PREFIX + id); }

    private Layer.Place placeOf(Path path) { return new Layer.Place(files, path, maps); }

    private boolean exists(Path volume) throws IOException { return files.list(volume).contains(volume.resolve(Manifest.NAME)); }

    private void erase(Path volume) throws IOException {
        for (Path file : files.list(volume)) files.delete(file);
        files.delete(volume);
        files.forceDirectory(dir);
    }
}
