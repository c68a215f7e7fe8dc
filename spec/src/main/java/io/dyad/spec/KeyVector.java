package io.dyad.spec;

/** An intact pairing key of the real wire, for {@code cluster} or {@code volume}: the JSON text, and its lower-case hex. */
public record KeyVector(String kind, String json, String hex) {}
