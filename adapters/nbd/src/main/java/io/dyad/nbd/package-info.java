/** Block devices served over the NBD protocol (fixed newstyle, structured replies) from any {@link io.dyad.nbd.Exports}. */
@NullMarked
package io.dyad.nbd;

import org.jspecify.annotations.NullMarked;
