package io.dyad.volumefiles;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Which layers a volume has, by number: the stack from the base up, the one being staged beside it, and where the snapshots
 * are pinned. Which layer folds need not stand here: it follows from the pins.
 * <pre>
 *  next layer 8 | staged layer 8, -1 for none | layers 4 | layer number 8 … | snapshots 4 | snapshot 32 …
 *  snapshot: name 16 | number of the layer above it 8 | size of the volume then 8
 * </pre>
 *
 * @param next the number of the next layer made
 * @param snapshots oldest first
 */
record Layout(long next, List<Long> layers, OptionalLong staged, List<Snapshot> snapshots) {
    /** A named cut: the content of all layers below {@code above}, which stays in the stack as long as the name does. */
    record Snapshot(UUID name, long above, long sizeBytes) {}

    private static final int SNAPSHOT_BYTES = 32;

    static Layout base() { return new Layout(1, List.of(0L), OptionalLong.empty(), List.of()); }

    /** One more layer on top; one that is there already stays where it is. */
    Layout withTop(long number) {
        if (layers.contains(number)) return this;
        List<Long> more = new ArrayList<>(layers);
        more.add(number);
        return new Layout(Math.max(next, number + 1), List.copyOf(more), staged, snapshots);
    }

    Layout without(long number) { return new Layout(next, only(layers, n -> n != number), staged, snapshots); }

    Layout withStaged(long number) { return new Layout(Math.max(next, number + 1), layers, OptionalLong.of(number), snapshots); }

    Layout withoutStaged() { return new Layout(next, layers, OptionalLong.empty(), snapshots); }

    Layout with(Snapshot snapshot) {
        List<Snapshot> more = new ArrayList<>(snapshots);
        more.add(snapshot);
        return new Layout(next, layers, staged, List.copyOf(more));
    }

    Layout without(UUID snapshot) { return new Layout(next, layers, staged, only(snapshots, s -> !s.name().equals(snapshot))); }

    Optional<Snapshot> snapshot(UUID name) { return snapshots.stream().filter(s -> s.name().equals(name)).findFirst(); }

    int encodedBytes() { return 24 + layers.size() * Long.BYTES + snapshots.size() * SNAPSHOT_BYTES; }

    void encode(ByteBuffer into) {
        into.putLong(next).putLong(staged.orElse(-1)).putInt(layers.size());
        layers.forEach(into::putLong);
        into.putInt(snapshots.size());
        for (Snapshot s : snapshots) {
            into.putLong(s.name.getMostSignificantBits()).putLong(s.name.getLeastSignificantBits()).putLong(s.above).putLong(s.sizeBytes);
        }
    }

    static Layout decode(ByteBuffer bytes) {
        long next = bytes.getLong();
        long staged = bytes.getLong();
        List<Long> layers = numbers(bytes);
        List<Snapshot> snapshots = new ArrayList<>();
        for (int n = bytes.getInt(); n > 0; n--) {
            snapshots.add(new Snapshot(new UUID(bytes.getLong(), bytes.getLong()), bytes.getLong(), bytes.getLong()));
        }
        return new Layout(next, layers, staged < 0 ? OptionalLong.empty() : OptionalLong.of(staged), List.copyOf(snapshots));
    }

    static Layout decodeFirstVersion(ByteBuffer bytes) {
        long next = bytes.getLong();
        return new Layout(next, numbers(bytes), OptionalLong.empty(), List.of());
    }

    private static List<Long> numbers(ByteBuffer bytes) {
        List<Long> numbers = new ArrayList<>();
        for (int n = bytes.getInt(); n > 0; n--) numbers.add(bytes.getLong());
        return List.copyOf(numbers);
    }

    private static <T> List<T> only(List<T> all, Predicate<T> wanted) { return all.stream().filter(wanted).toList(); }
}
