/**
 * What a host wrote to a disk, recorded while it wrote, and the judge that says whether a disk holds a state after a prefix of it.
 * Nothing here knows of replication: the format is drawn in docs/history.md.
 */
@NullMarked
package io.dyad.cli.history;

import org.jspecify.annotations.NullMarked;
