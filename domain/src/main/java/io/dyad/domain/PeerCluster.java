package io.dyad.domain;

import java.util.UUID;

/** The other cluster of a pair, as it introduced itself. {@code pairId} is its own number for the pair; {@code link}: HOST:PORT for peers. */
public record PeerCluster(UUID uuid, String uniqueId, String name, String mvip, String link, String version, long pairId) { }
