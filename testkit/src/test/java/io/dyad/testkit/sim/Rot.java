package io.dyad.testkit.sim;

import io.dyad.testkit.sim.World.End;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/** Which blocks have rotted in a story, on either end, and what may be lost or left in doubt with them. The scheduler's thread. */
final class Rot {
    private final World w;
    private int turned;
    /** Blocks of which a source's only copy has rotted, until both ends hold the same there again. */
    private final Set<Integer> lost = new HashSet<>();
    /** Of each end: rotten blocks that it could not read when it had to ship or compare them. */
    private final BitSet[] inDoubt = {new BitSet(), new BitSet()};

    Rot(World w) { this.w = w; }

    /** A bit of a block has turned. */
    void turns() { turned++; }

    /** Blocks that have rotted so far. */
    int turned() { return turned; }

    /** What rots while it is to be shipped, or compared, is set aside: from then on its source alone cannot tell whether the other end holds the same. */
    void setsAside(End source, IntPredicate mayCompare) {
        SimVolume here = source.stored();
        BitSet differing = here.now.differing(source.other().stored().now);
        BitSet rotten = here.rotten(here.now);
        inDoubt[source.index].and(rotten);
        rotten.stream().filter(block -> differing.get(block) || mayCompare.test(block)).forEach(inDoubt[source.index]::set);
    }

    /** Since it was set aside nobody has written this block, on the end that was its source. */
    boolean isInDoubt(int block) { return inDoubt[0].get(block) || inDoubt[1].get(block); }

    /** A block that has rotted where the other end holds another content, or none that is whole, is past help, but for a host that writes it anew. */
    Set<Integer> lost() {
        if (turned == 0) return lost;
        SimVolume east = w.a.stored();
        SimVolume west = w.b.stored();
        BitSet rotten = east.rotten(east.now);
        BitSet both = west.rotten(west.now);
        rotten.or(both);
        both.and(east.rotten(east.now));
        lost.removeIf(block -> !rotten.get(block) && east.now.get(block).print() == west.now.get(block).print());
        rotten.stream().filter(block -> both.get(block) || east.now.get(block).print() != west.now.get(block).print()).forEach(lost::add);
        return lost;
    }
}
