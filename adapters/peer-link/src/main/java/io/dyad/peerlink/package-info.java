/** The peer network over real sockets: identity, pairing handshake, authenticated links and frame pipes. */
@NullMarked
package io.dyad.peerlink;

import org.jspecify.annotations.NullMarked;
