@NullMarked
package io.dyad.peerlink.packing;

import org.jspecify.annotations.NullMarked;
