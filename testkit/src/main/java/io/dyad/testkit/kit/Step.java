package io.dyad.testkit.kit;

import io.dyad.testkit.model.Call;
import io.dyad.testkit.model.Side;
import io.dyad.testkit.model.World;

/** One move of a test: what, on which cluster, and two numbers that choose among what is there when its turn comes. */
record Step(Side on, Verb verb, int first, int second) {
    Call in(World world) { return verb.in(new Choice(world, on, first, second)); }

    @Override public String toString() { return on + "." + verb + "(" + first + "," + second + ")"; }
}
