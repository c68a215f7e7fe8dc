/**
 * The API contract as data, written down once: methods, types, errors, limits, rules and golden exchanges.
 * {@link io.dyad.spec.Spec#load()} is the way in. Depends on nothing of the project.
 */
@NullMarked
package io.dyad.spec;

import org.jspecify.annotations.NullMarked;
