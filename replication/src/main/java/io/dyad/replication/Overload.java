package io.dyad.replication;

/** Why a stream did not keep up with its host: the link was too slow, or the target or a rate limit was. */
public enum Overload { NONE, LINK, LIMIT }
