package io.dyad.volumefiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.replication.LayerStack.Frozen;
import io.dyad.replication.Snapshots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the snapshots of a volume hold, for ever the same. */
final class SnapshotModel {
    private final Map<UUID, int[]> contents = new LinkedHashMap<>();
    private Map<UUID, int[]> coming = Map.of();

    static UUID name(int number) { return new UUID(7, number); }

    boolean isEmpty() { return contents.isEmpty(); }

    int count() { return contents.size(); }

    UUID pick(int number) { return List.copyOf(contents.keySet()).get(number % contents.size()); }

    void taking(UUID name, int[] content) {
        coming = new LinkedHashMap<>(contents);
        coming.put(name, content);
    }

    void dropping(UUID name) {
        coming = new LinkedHashMap<>(contents);
        coming.remove(name);
    }

    void done() {
        contents.clear();
        contents.putAll(coming);
    }

    void compare(Snapshots snapshots, int first) throws IOException {
        assertThat(snapshots.names()).containsExactlyElementsOf(contents.keySet());
        for (Map.Entry<UUID, int[]> each : contents.entrySet()) {
            try (Frozen view = snapshots.open(each.getKey())) {
                assertThat(Sectors.read(view, first)).as("snapshot %s", each.getKey()).isEqualTo(each.getValue());
            }
        }
    }

    void reopened(Snapshots snapshots, int first) throws IOException {
        List<UUID> found = new ArrayList<>(snapshots.names());
        if (!found.equals(List.copyOf(contents.keySet()))) {
            assertThat(found).as("snapshots").containsExactlyElementsOf(coming.keySet());
            done();
        }
        coming = Map.copyOf(contents);
        compare(snapshots, first);
    }
}
