/** The Element API of a cluster over HTTPS; the contract itself is in {@code io.dyad.spec}. */
@NullMarked
package io.dyad.jsonrpc;

import org.jspecify.annotations.NullMarked;
