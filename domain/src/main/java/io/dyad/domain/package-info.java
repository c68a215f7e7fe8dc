/** What may happen: sealed states, commands and events, one decider per aggregate. Only the JDK, no clock, no I/O. */
@NullMarked
package io.dyad.domain;

import org.jspecify.annotations.NullMarked;
