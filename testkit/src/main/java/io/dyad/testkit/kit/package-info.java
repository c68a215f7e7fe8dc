/**
 * The conformance kit: judges any implementation of the API by random calls on two clusters, against the model.
 * Extend {@link io.dyad.testkit.kit.ConformanceSuite} and give it {@link io.dyad.testkit.kit.TwoClusters}.
 */
@NullMarked
package io.dyad.testkit.kit;

import org.jspecify.annotations.NullMarked;
