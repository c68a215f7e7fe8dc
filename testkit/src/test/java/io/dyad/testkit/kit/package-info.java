@org.jspecify.annotations.NullMarked
package io.dyad.testkit.kit;
