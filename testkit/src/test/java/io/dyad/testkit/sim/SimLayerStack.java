package io.dyad.testkit.sim;

import io.dyad.replication.Blocks;
import io.dyad.replication.LayerStack;
import io.dyad.replication.Snapshots;
import io.dyad.replication.Staged;
import io.dyad.replication.Staging;
import io.dyad.testkit.sim.SimTrouble.Op;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The layers and the snapshots of an open {@link SimVolume}. Strict: what the contract forbids throws. */
final class SimLayerStack implements LayerStack, Staging, Snapshots {
    private final SimVolume v;
    private final SimHandle handle;
    private final List<View> views = new ArrayList<>();
    private @Nullable Filling filling;

    SimLayerStack(SimVolume v, SimHandle handle) {
        this.v = v;
        this.handle = handle;
    }

    boolean cutsOpen() { return !views.isEmpty(); }

    // ---- cuts and snapshots ----

    @Override public Frozen freeze() throws IOException {
        handle.begin(Op.OTHER);
        return view(v.now.copy(), v.sizeBytes, v.layers.pin());
    }

    private View view(BlockTable content, long sizeBytes, SimLayers.Layer layer) {
        View view = new View(content, sizeBytes, layer);
        views.add(view);
        return view;
    }

    @Override public boolean fold(int maxBlocks) throws IOException {
        handle.begin(Op.OTHER);
        return v.layers.fold(maxBlocks);
    }

    @Override public boolean heal(long offsetBytes, ByteBuffer copy) throws IOException {
        handle.begin(Op.WRITE);
        SimHandle.check(offsetBytes, Content.BYTES, v.sizeBytes);
        boolean healed = v.heal(Content.next(copy));
        handle.done();
        return healed;
    }

    @Override public void take(UUID name, Optional<UUID> of) throws IOException {
        handle.begin(Op.SYNC);
        requireRoomFor(name);
        if (of.isPresent()) v.copy(of.get(), name);
        else v.take(name);
        handle.done();
    }

    private void requireRoomFor(UUID name) {
        if (v.snapshots.containsKey(name)) throw new IllegalStateException("snapshot " + name + " exists");
        if (v.snapshots.size() >= MAX) throw new IllegalStateException("a snapshot beyond " + MAX);
    }

    @Override public Frozen open(UUID name) throws IOException {
        handle.begin(Op.OTHER);
        SimVolume.Snapshot snapshot = v.snapshots.get(name);
        if (snapshot == null) throw new FileNotFoundException("snapshot " + name);
        v.layers.pin(snapshot.layer());
        return view(snapshot.content(), snapshot.sizeBytes(), snapshot.layer());
    }

    @Override public void delete(UUID name) throws IOException {
        handle.begin(Op.SYNC);
        SimVolume.Snapshot gone = v.snapshots.remove(name);
        if (gone != null) v.layers.unpin(gone.layer());
        handle.done();
    }

    @Override public boolean unwrittenSince(UUID name) throws IOException {
        handle.begin(Op.OTHER);
        SimVolume.Snapshot snapshot = v.snapshots.get(name);
        return snapshot != null && v.layers.last(snapshot.layer());
    }

    @Override public Set<UUID> names() { return new LinkedHashSet<>(v.snapshots.keySet()); }

    private final class View implements Frozen {
        private final BlockTable content;
        private final long sizeBytes;
        private final SimLayers.Layer layer;

        View(BlockTable content, long sizeBytes, SimLayers.Layer layer) {
            this.content = content;
            this.sizeBytes = sizeBytes;
            this.layer = layer;
        }

        private void reading(Op op) throws IOException {
            handle.begin(op);
            if (!views.contains(this)) throw new IOException("the cut is closed");
        }

        @Override public long sizeBytes() { return sizeBytes; }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
            reading(Op.READ);
            SimHandle.check(offsetBytes, into.remaining(), sizeBytes);
            v.read(content, offsetBytes, into);
        }

        @Override public Blocks.Extent extentAt(long offsetBytes, long endBytes) throws IOException {
            reading(Op.OTHER);
            return SimHandle.extent(content, offsetBytes, endBytes, sizeBytes);
        }

        @Override public void close() throws IOException {
            handle.begin(Op.OTHER);
            if (views.remove(this)) v.layers.unpin(layer);
        }
    }

    // ---- the staged layer ----

    @Override public Staged stage() throws IOException {
        handle.begin(Op.SYNC);
        if (v.staged != null) throw new IllegalStateException("a layer is staged already");
        v.staged = new SimStaged();
        return filling = new Filling(v.staged);
    }

    @Override public Optional<Staged> unfinished() throws IOException {
        handle.begin(Op.OTHER);
        if (v.staged == null) return Optional.empty();
        if (filling == null || filling.layer != v.staged) filling = new Filling(v.staged);
        return Optional.of(filling);
    }

    private final class Filling implements Staged {
        private final SimStaged layer;

        Filling(SimStaged layer) { this.layer = layer; }

        private void filling(Op op) throws IOException {
            handle.begin(op);
            if (v.staged != layer) throw new IllegalStateException("the staged layer is committed or discarded");
        }

        @Override public void write(long offsetBytes, ByteBuffer from) throws IOException {
            filling(Op.WRITE);
            SimHandle.check(offsetBytes, from.remaining(), v.sizeBytes);
            for (int block = (int) (offsetBytes / Content.BYTES); from.hasRemaining(); block++) layer.put(block, Content.next(from));
            handle.done();
        }

        @Override public void zero(long offsetBytes, long lengthBytes) throws IOException {
            filling(Op.OTHER);
            SimHandle.check(offsetBytes, lengthBytes, v.sizeBytes);
            layer.zero((int) (offsetBytes / Content.BYTES), (int) ((offsetBytes + lengthBytes) / Content.BYTES));
            handle.done();
        }

        @Override public Extent filledAt(long offsetBytes, long endBytes) throws IOException {
            filling(Op.OTHER);
            SimHandle.check(offsetBytes, endBytes - offsetBytes, v.sizeBytes);
            BitSet filled = layer.filled();
            int first = (int) (offsetBytes / Content.BYTES);
            int end = (int) (endBytes / Content.BYTES);
            boolean in = filled.get(first);
            int next = in ? filled.nextClearBit(first) : filled.nextSetBit(first);
            return new Extent(offsetBytes, (long) ((next < 0 ? end : Math.min(next, end)) - first) * Content.BYTES, in);
        }

        @Override public long sizeBytes() { return v.sizeBytes; }

        @Override public void read(long offsetBytes, ByteBuffer into) throws IOException {
            filling(Op.READ);
            SimHandle.check(offsetBytes, into.remaining(), v.sizeBytes);
            for (int block = (int) (offsetBytes / Content.BYTES); into.hasRemaining(); block++) {
                v.requireWhole(get(block), block);
                into.put(get(block).bytes());
            }
        }

        private Content get(int block) { return layer.filled().get(block) ? layer.get(block) : v.now.get(block); }

        @Override public Extent extentAt(long offsetBytes, long endBytes) throws IOException {
            filling(Op.OTHER);
            SimHandle.check(offsetBytes, endBytes - offsetBytes, v.sizeBytes);
            int first = (int) (offsetBytes / Content.BYTES);
            int end = (int) (endBytes / Content.BYTES);
            boolean present = get(first) != Content.ZERO;
            int next = first + 1;
            while (next < end && get(next) != Content.ZERO == present) next++;
            return new Extent(offsetBytes, (long) (next - first) * Content.BYTES, present);
        }

        @Override public void flush() throws IOException {
            filling(Op.SYNC);
            layer.flush();
            handle.done();
        }

        @Override public void commit(byte[] mark, Optional<UUID> snapshot) throws IOException {
            filling(Op.SYNC);
            snapshot.ifPresent(SimLayerStack.this::requireRoomFor);
            v.commit(layer, mark, snapshot.orElse(null));
            handle.done();
        }

        @Override public void discard() throws IOException {
            handle.begin(Op.OTHER);
            if (v.staged == layer) v.staged = null;
        }
    }
}
