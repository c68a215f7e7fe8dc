package io.dyad.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/** How many layers lie on top of each other, and which of them a cut still needs as they are. What is in them {@link SimVolume} knows. */
final class SimLayers {
    /** The view of whoever pins it ends with this layer. */
    static final class Layer {
        private int blocks;
        private int pins;
    }

    private final List<Layer> layers = new ArrayList<>(List.of(new Layer()));

    /** True when a write goes to the one and only layer. */
    boolean flat() { return layers.size() == 1 && layers.getFirst().pins == 0; }

    void wrote() {
        if (layers.getLast().pins > 0) layers.add(new Layer());
        if (!flat()) layers.getLast().blocks++;
    }

    void committed(int blocks) {
        layers.add(new Layer());
        layers.getLast().blocks = blocks;
    }

    Layer pin() {
        layers.getLast().pins++;
        return layers.getLast();
    }

    void pin(Layer again) { again.pins++; }

    void unpin(Layer layer) {
        if (layer.pins-- == 0) throw new IllegalStateException("let go of twice");
    }

    /** One step; false when nothing is left to fold. */
    boolean fold(int maxBlocks) {
        int below = foldable();
        if (below < 0) return false;
        Layer lower = layers.get(below);
        Layer upper = layers.get(below + 1);
        int moved = Math.min(maxBlocks, upper.blocks);
        upper.blocks -= moved;
        lower.blocks += moved;
        if (upper.blocks == 0) {
            upper.blocks = lower.blocks;
            layers.remove(below);
        }
        return foldable() >= 0;
    }

    private int foldable() {
        for (int i = 0; i + 1 < layers.size(); i++) if (layers.get(i).pins == 0) return i;
        return -1;
    }

    /** What a restart leaves: the pins of these snapshots and no others. */
    void restarted(Iterable<Layer> snapshots) {
        layers.forEach(l -> l.pins = 0);
        snapshots.forEach(l -> l.pins++);
    }

    /** True when nothing came after it. */
    boolean last(Layer layer) { return layers.getLast() == layer; }

    int indexOf(Layer layer) { return layers.indexOf(layer); }

    Layer get(int index) { return layers.get(index); }

    SimLayers copy() {
        SimLayers copy = new SimLayers();
        copy.layers.clear();
        for (Layer l : layers) {
            Layer same = new Layer();
            same.blocks = l.blocks;
            same.pins = l.pins;
            copy.layers.add(same);
        }
        return copy;
    }
}
