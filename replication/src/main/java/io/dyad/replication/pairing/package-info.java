/** A cluster as one step machine: handshakes, reports to peers, and the reconciler that turns pairs into shipping. */
@NullMarked
package io.dyad.replication.pairing;

import org.jspecify.annotations.NullMarked;
