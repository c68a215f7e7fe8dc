/** What a simulated story must keep: one small class an invariant. Sees fingerprints of blocks, bytes on the wire and what is shown, and nothing of the product. */
@NullMarked
package io.dyad.testkit.sim.check;

import org.jspecify.annotations.NullMarked;
