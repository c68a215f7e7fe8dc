package io.dyad.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A volume as its session with a source sees it: what is staged and committed, applied directly, or streamed in. The session's
 * owner thread calls it, and each call takes the volume's lock for a moment.
 */
final class TargetSide {
    private final Ledger ledger;
    private final VolumeLock lock;
    private final StoredVolume store;
    private final Disk disk;
    private final VolumeCuts cuts;
    private final Intake intake;
    private @Nullable Staged staged;

    TargetSide(Ledger ledger, StoredVolume store, VolumeCuts cuts, Scratch scratch) throws IOException {
        this.ledger = ledger;
        this.lock = ledger.lock();
        this.store = store;
        this.disk = store.disk();
        this.cuts = cuts;
        this.intake = new Intake(this, store.journal(), scratch);
        this.staged = store.staging().unfinished().orElse(null);
    }

    // ---- the stage of an epoch ----

    /** An empty layer to stage the epoch of that number in; what an earlier session left unfinished is dropped. */
    Staged stage(long number) throws IOException {
        return lock.get(() -> {
            dropStage();
            ledger.stage(number);
            Staged fresh = store.staging().stage();
            staged = fresh;
            return fresh;
        });
    }

    /** The layer that an interrupted epoch has left. */
    Optional<Staged> staged() { return lock.get(() -> Optional.ofNullable(staged)); }

    /** What is in that layer. */
    Cut.Stage stageBlocks() throws IOException {
        Staged layer = staged().orElse(null);
        if (layer == null) return Cut.Stage.none();
        DirtyMap blocks = new DirtyMap();
        for (long at = 0; at < layer.sizeBytes(); ) {
            Blocks.Extent run = layer.filledAt(at, layer.sizeBytes());
            if (run.allocated()) blocks.mark(run.offsetBytes(), run.lengthBytes());
            at = run.endBytes();
        }
        return new Cut.Stage(ledger.bond().stage(), blocks);
    }

    void dropStage() throws IOException {
        lock.run(() -> {
            Staged gone = staged;
            staged = null;
            if (gone != null) gone.discard();
        });
    }

    /** What is staged will be there after a restart. */
    void flushStage() throws IOException {
        Staged unfinished = staged().orElse(null);
        if (unfinished != null) unfinished.flush();
    }

    /** The staged epoch becomes this target's content, and nothing differs from the common point any more; one durable step. */
    void commit(long epoch, History source, Optional<UUID> snapshot) throws IOException {
        lock.run(() -> {
            Staged whole = Objects.requireNonNull(staged);
            Mark now = ledger.whole(epoch, source);
            whole.commit(now.toBytes(), snapshot.filter(name -> !store.snapshots().names().contains(name)));
            staged = null;
            ledger.committed(now);
        });
    }

    // ---- what is applied as it comes ----

    /** The current content, whatever hosts may do. */
    Blocks content() { return disk; }

    /** Makes durable what was applied. */
    void flush() throws IOException { disk.flush(); }

    /** Applies a directly shipped piece of the source; null for zeroes. */
    void apply(long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) throws IOException { lock.run(() -> change(disk, offsetBytes, lengthBytes, data)); }

    static void change(Disk disk, long offsetBytes, long lengthBytes, @Nullable ByteBuffer data) throws IOException {
        if (data == null) disk.zero(offsetBytes, lengthBytes);
        else disk.write(offsetBytes, data);
    }

    /** The first sync, applied directly, is complete. */
    void commitDirect(long epoch, History source, Optional<UUID> snapshot) throws IOException {
        disk.flush();
        if (snapshot.isPresent()) cuts.keep(snapshot.get());
        lock.run(() -> ledger.commit(ledger.whole(epoch, source)));
    }

    // ---- the stream ----

    /** The streamed writes on their way to the disk. */
    Intake intake() { return intake; }

    /** Applies streamed writes of the source. */
    void apply(ByteBuffer writes) throws IOException { lock.run(() -> Writes.<IOException>each(writes, (seq, offset, length, data) -> change(disk, offset, length, data))); }

    /** Everything up to this write of the source's stream is on the disk, durably. */
    void reached(long seq) throws IOException { ledger.reached(seq); }
}
