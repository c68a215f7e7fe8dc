/** The data plane as step machines over a small SPI: no clock, thread, file or socket in here. */
@NullMarked
package io.dyad.replication;

import org.jspecify.annotations.NullMarked;
