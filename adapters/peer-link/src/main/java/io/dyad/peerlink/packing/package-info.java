/** How payloads cross a slow link: zeroes and repeats left out, the rest compressed. Begin at {@link io.dyad.peerlink.packing.Packing}. */
@NullMarked
package io.dyad.peerlink.packing;

import org.jspecify.annotations.NullMarked;
