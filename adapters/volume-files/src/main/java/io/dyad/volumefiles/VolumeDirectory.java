package io.dyad.volumefiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** The files of one volume's directory: how they come to be, and which of them are its. */
final class VolumeDirectory {
    private VolumeDirectory() { }

    /** Makes the files of an empty volume; the manifest comes last and makes it exist. */
    static void create(Layer.Place place, long sizeBytes) throws IOException {
        FileLayer files = place.files();
        Path dir = place.dir();
        Layer.create(place, 0, true, sizeBytes).close();
        IntentMap.create(files, dir, sizeBytes).close();
        files.forceDirectory(dir);
        Manifest.empty(sizeBytes).draft(files, dir);
        Manifest.publish(files, dir);
    }

    /** Deletes what the manifest does not name: what a crash has left of something that was never put in force. */
    static void dropStrangers(Layer.Place place, Manifest manifest) throws IOException {
        FileLayer files = place.files();
        Path dir = place.dir();
        Set<String> ours = new TreeSet<>(Set.of(Manifest.NAME, IntentMap.NAME, RecentEntries.NAME));
        long[] layers = LongStream.concat(manifest.layout().layers().stream().mapToLong(Long::longValue), manifest.layout().staged().stream()).toArray();
        for (long layer : layers) ours.add(Layer.mapName(layer));
        List<Path> strangers = files.list(dir).stream().filter(file -> {
            String name = file.getFileName().toString();
            return !ours.contains(name) && !SegmentJournal.owns(name) && !Layer.holdsData(name, layers);
        }).toList();
        files.forceDirectory(dir);                         // a kill may have left a manifest that a power cut would take back: from here on it is relied on
        for (Path file : strangers) files.delete(file);
    }
}
