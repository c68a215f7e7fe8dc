package io.dyad.spec;

/** A member of a result or of a type: an optional one may be absent, a nullable one may be null. */
public record FieldSpec(String name, TypeSpec type, boolean optional, boolean nullable) {}
