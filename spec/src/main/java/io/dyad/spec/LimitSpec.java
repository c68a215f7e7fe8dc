package io.dyad.spec;

import java.util.Optional;

/** A member of GetLimits. Without a rule it is the vendor's figure for something not served here, and holds nothing back. */
public record LimitSpec(String name, long value, Optional<String> rule) {}
