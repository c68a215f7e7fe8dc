/** The simulator: two clusters, control and data plane, in one thread, with virtual time, links and disks, from one seed. */
@NullMarked
package io.dyad.testkit.sim;

import org.jspecify.annotations.NullMarked;
