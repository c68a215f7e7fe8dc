/** Volumes on a file system: layers with a checksum for every block, a manifest, a write-intent map and a journal. */
@NullMarked
package io.dyad.volumefiles;

import org.jspecify.annotations.NullMarked;
