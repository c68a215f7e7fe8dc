package io.dyad.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A parameter of a method. On an endpoint older than {@code since} it is ignored.
 * Null is the same as absent, except where {@code whenNull} says what it stands for.
 */
public record ParamSpec(String name, TypeSpec type, boolean required, Version since, Unsaid unsaid, String doc) {

    /**
     * What a parameter is taken to be when nobody says: absent, or null. {@code blankIsAbsent}: 0 and the empty string are what
     * clients send that leave nothing out (those in Go), and mean absent.
     */
    public record Unsaid(Optional<JsonNode> whenAbsent, Optional<JsonNode> whenNull, boolean blankIsAbsent) {}
}
