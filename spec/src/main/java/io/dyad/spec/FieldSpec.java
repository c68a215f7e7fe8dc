package io.dyad.spec;

/** A member of a result or of a type: an optional one may be absent, a nullable one may be null; 0 and the empty string may mean absent where it is asked for. */
public record FieldSpec(String name, TypeSpec type, boolean optional, boolean nullable, boolean blankIsAbsent) {}
