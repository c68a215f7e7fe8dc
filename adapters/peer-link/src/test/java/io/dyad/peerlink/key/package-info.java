@NullMarked
package io.dyad.peerlink.key;

import org.jspecify.annotations.NullMarked;
