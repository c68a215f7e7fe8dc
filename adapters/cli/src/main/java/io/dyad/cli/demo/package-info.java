/** The demonstration: two clusters in one process, one disk image, every act of replication, and the proof that both ends are identical. */
@NullMarked
package io.dyad.cli.demo;

import org.jspecify.annotations.NullMarked;
