/** The library to embed: open a cluster, pair it, write and read blocks, follow events. */
@NullMarked
package io.dyad.cluster;

import org.jspecify.annotations.NullMarked;
