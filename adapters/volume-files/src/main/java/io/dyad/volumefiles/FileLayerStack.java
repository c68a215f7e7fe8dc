package io.dyad.volumefiles;

import io.dyad.replication.Blocks;
import io.dyad.replication.LayerStack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stack with its pins. A pin keeps what lies below one layer as it is, for an open view or for a snapshot's name. That
 * layer stays where it is, and everything above it may fold down to it, not further:
 *
 * <pre>
 *    6  folds into 5
 *    5  takes the writes           ── pin: what is below 5 stays
 *    4  folds into 3
 *    3                             ── pin: what is below 3 stays
 *    0  the base
 * </pre>
 */
final class FileLayerStack implements LayerStack {
    private final FileVolume volume;
    private final LayerFold fold;
    /** How many views and names keep what is below a layer. Guarded by {@code writing}. */
    private final Map<Long, Integer> pins = new HashMap<>();

    FileLayerStack(FileVolume volume) {
        this.volume = volume;
        this.fold = new LayerFold(volume, this);
    }

    @Override public Frozen freeze() throws IOException {
        volume.switching.lock();
        try {
            Layer above = above();
            if (!stands(above)) switchTo(volume.manifest().layout().withTop(above.number), above);
            volume.writing.lock();
            try {
                push(above);
                return view(above, volume.sizeBytes());
            } finally {
                volume.writing.unlock();
            }
        } finally {
            volume.switching.unlock();
        }
    }

    /** The layer above a cut made now: the top one while nothing was ever put in it, else a new one. {@code switching} is held. */
    Layer above() throws IOException {
        volume.check();
        Layer[] stack = volume.stack();
        Layer top = stack[stack.length - 1];
        return top.untouched() ? top : create();
    }

    private boolean stands(Layer layer) { return Arrays.asList(volume.stack()).contains(layer); }

    /** Makes a layer that no manifest names yet. {@code switching} is held. */
    Layer create() throws IOException {
        Manifest manifest = volume.manifest();
        Layer layer = Layer.create(volume.place, manifest.layout().next(), false, manifest.sizeBytes());
        volume.files.forceDirectory(volume.dir);
        return layer;
    }

    /** Puts a layout in force that names a new layer; where it stays out of force, the layer goes. {@code switching} is held. */
    void switchTo(Layout next, Layer fresh) throws IOException {
        try {
            volume.switchTo(volume.manifest().with(next));
        } catch (IOException e) {
            if (!volume.broken() && !stands(fresh)) fresh.delete();
            throw e;
        }
    }

    /** This layer of the stack and all above it. */
    List<Layer> from(long number) { return Arrays.stream(volume.stack()).dropWhile(layer -> layer.number != number).toList(); }

    /** Puts a layer on top, unless it stands already. {@code writing} is held. */
    void push(Layer top) {
        if (stands(top)) return;
        Layer[] more = Arrays.copyOf(volume.stack(), volume.stack().length + 1);
        more[more.length - 1] = top;
        volume.restack(more, active(more));
    }

    /** The layer that takes writes: the one above the highest pin, or the base. {@code writing} is held, or nobody else knows the volume. */
    int active(Layer[] stack) {
        int index = stack.length - 1;
        while (index > 0 && !pinned(stack[index])) index--;
        return index;
    }

    /** Whether what is below a layer is to stay as it is. */
    boolean pinned(Layer layer) { return pins.containsKey(layer.number); }

    /** One more view or name keeps what is below a layer. {@code writing} is held, or nobody else knows the volume. */
    void pin(long above) {
        pins.merge(above, 1, Integer::sum);
        volume.restack(volume.stack(), active(volume.stack()));
    }

    /** {@code writing} is held. */
    void unpin(long above) {
        pins.computeIfPresent(above, (number, count) -> count == 1 ? null : count - 1);
        volume.restack(volume.stack(), active(volume.stack()));
    }

    /** A view of what is below a layer, which it pins. {@code writing} is held. */
    CutView view(Layer above, long sizeBytes) {
        pin(above.number);
        return new CutView(volume, above, sizeBytes);
    }

    @Override public void ready() throws IOException { fold.ready(); }

    @Override public boolean fold(int maxBlocks) throws IOException { return fold.step(maxBlocks); }

    @Override public boolean folds() { return volume.stack().length > 1; }

    /** No intent is marked: after a stop in the middle the block is damaged as before, where recovery would else believe its bytes. */
    @Override public boolean heal(long offsetBytes, ByteBuffer copy) throws IOException {
        FileDisk.checkRange(offsetBytes, copy.remaining(), volume.sizeBytes());
        boolean healed = false;
        volume.writing.lock();
        try {
            volume.check();
            for (Layer layer : volume.stack()) healed |= layer.heal(offsetBytes / Blocks.BLOCK_BYTES, copy.duplicate());
            return healed;
        } finally {
            volume.writing.unlock();
        }
    }

    /** A write changes blocks of an upper layer in place. {@code writing} is held. */
    void touched(Layer layer, long first, long end) { fold.touched(layer, first, end); }
}
