package io.dyad.jsonrpc;

import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Volumes as lists show them, each kept as text, about 3 KiB, until anything that it shows is another: a list of thousands is copied, not
 * written anew. Nothing is told to it: what a volume is now is compared with what the text was made of. Safe for any thread.
 */
final class ListedVolumes {
    /** All that the text is made of, beside what never changes. */
    record Shown(VolumeInfo info, List<VolumeAccessGroupId> groups, String status) { }

    private record Kept(Shown of, RawValue text) { }

    private final Map<VolumeId, Kept> kept = new ConcurrentHashMap<>();
    private final Function<Shown, ObjectNode> writer;

    ListedVolumes(Function<Shown, ObjectNode> writer) { this.writer = writer; }

    void add(ArrayNode list, Shown now) {
        VolumeId id = now.info().volume().id();
        Kept before = kept.get(id);
        if (before == null || !before.of().equals(now)) {
            before = new Kept(now, new RawValue(new SerializedString(Json.text(writer.apply(now)))));
            kept.put(id, before);
        }
        list.addRawValue(before.text());
    }

    /** Lets go of volumes that are no more, once there are more texts than volumes. */
    void forgetAllBut(List<VolumeInfo> existing) {
        if (kept.size() <= existing.size()) return;
        Set<VolumeId> ids = new HashSet<>();
        existing.forEach(v -> ids.add(v.volume().id()));
        kept.keySet().retainAll(ids);
    }

    int size() { return kept.size(); }
}
