package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeId;
import io.dyad.replication.Blocks;
import io.dyad.replication.LayerStack.Frozen;
import io.dyad.replication.Staged;
import io.dyad.replication.StoredVolume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A volume on a disk that forgets, beside the {@link DiskModel}; a step that finds them apart throws. */
final class CrashBench {
    enum Kind { WRITE, ZERO, FLUSH, FREEZE, CLOSE_CUT, SNAPSHOT, DROP, STAGE, FILL, COMMIT, DISCARD, FOLD, FOLD_ALL, GROW, SETTLE, MARK,
        APPEND, FORCE, RESET, CUT_POWER, KILL, REOPEN }

    /** One thing to do; what {@code a} and {@code b} mean is up to the kind. In every fourth the machine is about to stop. */
    record Step(Kind kind, int a, int b) {}

    private static final VolumeId ID = new VolumeId(1);
    private static final int FIRST = 1000;
    private static final int SPAN = 60;

    private final LossyFiles files;
    private final int salt;
    private final Path dir = Path.of("store");
    private final DiskModel model = new DiskModel(FIRST + SPAN);
    private final JournalModel batches = new JournalModel();
    private StoredVolume volume;
    private final SnapshotModel snapshots = new SnapshotModel();
    private final List<Cut> cuts = new ArrayList<>();
    private @Nullable Staged staged;
    private StagedModel filling = new StagedModel();
    private boolean stages;
    private @Nullable UUID committing;
    private int stamp;
    private boolean interrupted;

    private record Cut(Frozen view, int[] content) {}

    /** The salt changes what a stop turns out to be: a kill, or a power cut that takes these or those writes. */
    CrashBench(LossyFiles files, int salt) throws IOException {
        this.files = files;
        this.salt = salt;
        this.volume = store().create(ID, (long) (FIRST + SPAN) * BLOCK_BYTES);
    }

    /** Each life is a process of its own, with maps of its own in memory. */
    private FileVolumeStore store() throws IOException { return FileVolumeStore.open(files, dir, new MapBudget(1 << 20)); }

    void run(List<Step> steps) throws IOException {
        for (Step step : steps) {
            try {
                if (step.b % 4 == 1) files.stopAfter(step.a % 10);
                apply(step);
                if (!files.stopped()) compareLive();
            } catch (IOException e) {
                if (!files.stopped()) throw e;
                interrupted = true;
                crash((step.b + salt) % 3 != 0, step.a + salt);
            }
        }
        files.stopAfter(Long.MAX_VALUE);
        crash(true, steps.size());
    }

    /** A step of the story did not come to its end; what a recovery was stopped in does not count. */
    boolean interrupted() { return interrupted; }

    private void apply(Step step) throws IOException {
        switch (step.kind) {
            case WRITE -> write(step.a, step.b);
            case ZERO -> zero(step.a, step.b);
            case FLUSH -> {
                if (step.a % 3 == 0) volume.disk().checkpoint();
                else volume.disk().flush();
                model.flushed();
            }
            case FREEZE -> freeze();
            case CLOSE_CUT -> {
                if (!cuts.isEmpty()) cuts.remove(step.a % cuts.size()).view.close();
            }
            case SNAPSHOT -> snapshot();
            case DROP -> drop(step.a);
            case STAGE -> stage(step.a, step.b);
            case FILL -> fill();
            case COMMIT -> commit(step.a % 2 == 0);
            case DISCARD -> discard();
            case FOLD -> fold(1 + step.b % 20);
            case FOLD_ALL -> {
                while (fold(8)) compareLive();
            }
            case GROW -> {
                model.growing(model.blocks() + step.b % 4);
                volume.disk().grow((long) (model.blocks() + step.b % 4) * BLOCK_BYTES);
                model.grown(model.blocks() + step.b % 4);
            }
            case SETTLE -> settle(step.a);
            case MARK -> {
                model.marking(++stamp, Map.of());
                volume.memo().mark(bytes(stamp));
                model.marked();
            }
            case APPEND -> batches.append(volume.journal(), step.a % 2000, ++stamp);
            case FORCE -> batches.force(volume.journal());
            case RESET -> batches.reset(volume.journal());
            case CUT_POWER -> crash(true, step.a + salt);
            case KILL -> crash(false, step.a);
            case REOPEN -> {
                model.closing();
                volume.close();
                model.flushed();
                filling.flushed();
                batches.closed();
                reopen(true);
            }
        }
    }

    private void write(int a, int b) throws IOException {
        int first = FIRST + a % SPAN;
        int count = 1 + b % Math.min(8, FIRST + SPAN - first);
        ByteBuffer bytes = ByteBuffer.allocate(count * BLOCK_BYTES);
        stamp++;
        for (int block = first; block < first + count; block++) Sectors.fill(bytes, block, stamp);
        model.changing(first, count, stamp);
        volume.disk().write((long) first * BLOCK_BYTES, bytes.flip());
        model.changed(first, count, stamp);
    }

    private void zero(int a, int b) throws IOException {
        int first = FIRST + a % SPAN;
        int count = b % 3 == 0 ? model.blocks() - first : 1 + b % Math.min(8, FIRST + SPAN - first);
        model.changing(first, count, 0);
        volume.disk().zero((long) first * BLOCK_BYTES, (long) count * BLOCK_BYTES);
        model.changed(first, count, 0);
    }

    private void freeze() throws IOException {
        if (cuts.size() == 4) return;
        cuts.add(new Cut(volume.layers().freeze(), model.now()));
    }

    private void snapshot() throws IOException {
        if (snapshots.count() == 6) return;
        UUID name = SnapshotModel.name(++stamp);
        snapshots.taking(name, model.now());
        model.mayFlush();
        volume.snapshots().take(name);
        snapshots.done();
        model.flushed();
    }

    private void drop(int a) throws IOException {
        if (snapshots.isEmpty()) return;
        UUID name = snapshots.pick(a);
        snapshots.dropping(name);
        volume.snapshots().delete(name);
        snapshots.done();
    }

    private void stage(int a, int b) throws IOException {
        Staged layer = staged;
        if (layer == null) {
            stages = true;
            filling = new StagedModel();
            layer = staged = volume.staging().stage();
        }
        int value = b % 4 == 0 ? 0 : ++stamp;
        filling.put(layer, FIRST + a % SPAN, value);
    }

    private void fill() throws IOException {
        if (staged == null) return;
        staged.flush();
        filling.flushed();
    }

    private void commit(boolean named) throws IOException {
        Staged layer = staged;
        if (layer == null) return;
        model.marking(++stamp, filling.blocks());
        UUID name = SnapshotModel.name(stamp);
        if (named) snapshots.taking(name, filling.over(model.now()));
        if (named) model.mayFlush();
        committing = named ? name : null;
        stages = false;
        layer.commit(bytes(stamp), named ? Optional.of(name) : Optional.empty());
        model.marked();
        if (named) {
            snapshots.done();
            model.flushed();
        }
        staged = null;
        committing = null;
    }

    private void discard() throws IOException {
        stages = false;
        if (staged != null) staged.discard();
        staged = null;
    }

    private boolean fold(int blocks) throws IOException {
        model.mayFlush();
        return volume.layers().fold(blocks);
    }

    private void settle(int a) throws IOException {
        BitSet needed = BitSet.valueOf(new long[] {a & 3});
        model.settling(needed);
        volume.memo().settle(needed);
    }

    /** Recovery may be stopped too. */
    private void crash(boolean power, int seed) throws IOException {
        boolean lossy = power;
        stop(power, seed);
        if (seed % 3 == 0) {
            files.stopAfter(seed % 20);
            try {
                store().open(ID);
            } catch (IOException e) {
                if (!files.stopped()) throw e;
            }
            lossy |= seed % 2 == 0;
            stop(seed % 2 == 0, seed);
        }
        reopen(lossy);
    }

    private void stop(boolean power, int seed) {
        if (power) files.cutPower(new Random(seed));
        else files.kill();
    }

    private void reopen(boolean power) throws IOException {
        cuts.clear();
        boolean staging = staged != null;
        int marked = model.mark();
        volume = store().open(ID);
        boolean committed = number(volume.memo().mark()) != marked;
        model.reopened(power, volume.disk().sizeBytes() / BLOCK_BYTES, number(volume.memo().mark()),
                Sectors.read(volume.disk(), FIRST - 4));
        assertThat(missing(model.dirty(), volume.memo().intents())).as("regions without intent").isEqualTo(new BitSet());
        batches.reopened(power, volume.journal());
        snapshots.reopened(volume.snapshots(), FIRST - 4);
        if (committing != null) assertThat(volume.snapshots().names().contains(committing)).as("the snapshot of a commit").isEqualTo(committed);
        committing = null;
        Optional<Staged> left = volume.staging().unfinished();
        StagedModel.checkPresence(left, staging, stages);
        staged = left.orElse(null);
        stages = left.isPresent();
        if (left.isPresent()) filling.reopened(left.get(), FIRST - 4);
    }

    private void compareLive() throws IOException {
        assertThat(Sectors.read(volume.disk(), FIRST - 4)).as("the disk").isEqualTo(model.now());
        for (Cut cut : cuts) assertThat(Sectors.read(cut.view, FIRST - 4)).as("the cut").isEqualTo(cut.content);
        snapshots.compare(volume.snapshots(), FIRST - 4);
        if (staged != null) filling.compare(staged, model.now(), FIRST - 4);
        assertThat(missing(model.dirty(), volume.memo().intents())).as("regions without intent").isEqualTo(new BitSet());
        assertThat(number(volume.memo().mark())).isEqualTo(model.mark());
        compareExtents(volume.disk(), model.now());
    }

    private static void compareExtents(Blocks disk, int[] sectors) throws IOException {
        for (long at = 0; at < disk.sizeBytes(); ) {
            Blocks.Extent run = disk.extentAt(at, disk.sizeBytes());
            assertThat(run.lengthBytes()).isPositive();
            for (long i = at / Sectors.BYTES; i < run.endBytes() / Sectors.BYTES && !run.allocated(); i++) {
                assertThat(sectors[(int) i]).as("sector %d is not allocated", i).isZero();
            }
            at = run.endBytes();
        }
    }

    private static BitSet missing(BitSet wanted, BitSet present) {
        BitSet missing = (BitSet) wanted.clone();
        missing.andNot(present);
        return missing;
    }

    private static byte[] bytes(int number) { return ByteBuffer.allocate(4).putInt(number).array(); }

    private static int number(byte[] bytes) { return bytes.length == 0 ? 0 : ByteBuffer.wrap(bytes).getInt(); }
}
