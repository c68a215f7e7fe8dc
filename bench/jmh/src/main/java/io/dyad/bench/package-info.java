/** The hot paths by themselves, under JMH. */
@NullMarked
package io.dyad.bench;

import org.jspecify.annotations.NullMarked;
