package io.dyad.volumefiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Rewrites a map of format version 1, which had no checksums of its own, in one step.
 * <pre>
 *  header, padded to 4096 | leaf 4096 | leaf 4096 | …       a leaf = 1024 entries of 4 bytes
 * </pre>
 */
final class MapUpgrade {
    private static final int LEAF_BYTES = LayerMap.LEAF_BLOCKS * Integer.BYTES;
    private static final int STORE_EVERY = 1024;

    private MapUpgrade() { }

    static void ifNeeded(Layer.Place place, Path path, long blocks) throws IOException {
        try (FileLayer.Handle old = place.files().open(path)) {
            if (FileFormat.MAP.check(path, old) != 1) return;
            Path draft = path.resolveSibling(path.getFileName() + ".tmp");
            try (LayerMap map = new LayerMap(new MapFile(draft, place.files().open(draft)), place.budget(), blocks)) {
                map.blank();
                copy(old, map, blocks);
                map.force();
            }
            place.files().rename(draft, path);
            place.files().forceDirectory(place.dir());
        }
    }

    private static void copy(FileLayer.Handle old, LayerMap map, long blocks) throws IOException {
        long end = old.size();
        ByteBuffer bytes = ByteBuffer.allocate(LEAF_BYTES);
        int[] entries = new int[LayerMap.LEAF_BLOCKS];
        long at = FileFormat.CONTENT_AT;
        for (long block = 0; block < blocks && at < end; block += LayerMap.LEAF_BLOCKS, at += LEAF_BYTES) {
            old.read(at, bytes.clear());
            boolean blank = true;
            for (int i = 0; i < entries.length; i++) {
                entries[i] = renamed(bytes.getInt(i * Integer.BYTES));
                blank &= entries[i] == Entry.ABSENT;
            }
            if (!blank) map.set(block, entries, entries.length);
            bytes.clear().put(new byte[LEAF_BYTES]);
            if (LayerMap.leafOf(block) % STORE_EVERY == 0) map.store(map.takeDirty());
        }
        map.store(map.takeDirty());
    }

    /** A checksum of 2 stood as itself. */
    private static int renamed(int entry) { return entry == Entry.DAMAGED ? ~entry : entry; }
}
