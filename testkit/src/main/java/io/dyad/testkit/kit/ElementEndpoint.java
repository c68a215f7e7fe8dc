package io.dyad.testkit.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One cluster's API, asked with an administrator's rights, whatever lies between: a wire, or nothing at all. */
@FunctionalInterface
public interface ElementEndpoint {
    /** The result of a call at the newest version; a refusal is thrown. */
    JsonNode call(String method, ObjectNode params) throws ApiError;
}
