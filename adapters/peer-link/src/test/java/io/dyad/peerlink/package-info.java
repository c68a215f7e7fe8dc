@NullMarked
package io.dyad.peerlink;

import org.jspecify.annotations.NullMarked;
