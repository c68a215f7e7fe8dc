/** Pairing keys as an administrator carries them from one cluster to the other. */
@NullMarked
package io.dyad.peerlink.key;

import org.jspecify.annotations.NullMarked;
