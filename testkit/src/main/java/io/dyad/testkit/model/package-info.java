/**
 * A plain model of two clusters: what each call must answer, and what holds afterwards, restated from the rules of
 * {@code spec} and sharing no code with any implementation. Rule ids in comments and reports are those of {@code rules.json}.
 */
@NullMarked
package io.dyad.testkit.model;

import org.jspecify.annotations.NullMarked;
