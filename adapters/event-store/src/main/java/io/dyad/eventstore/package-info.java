/** The event log on Axon and H2: the only place that says Axon, H2 or Caffeine. */
@NullMarked
package io.dyad.eventstore;

import org.jspecify.annotations.NullMarked;
