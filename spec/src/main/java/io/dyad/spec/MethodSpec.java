package io.dyad.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A method of the API.
 * {@code access} are the access lists that name it; {@code errors} its own errors, beside those every method can answer;
 * {@code rules} the ids of the rules that govern it.
 */
public record MethodSpec(String name, About about, Version since, Set<String> access, List<ParamSpec> params,
                         TypeSpec.Members result, List<String> errors, List<String> rules) {
    /**
     * What the reference page says of it: its family's title, a sentence, and for methods served so that clients which ask
     * for them work, though there is nothing of the kind here, what they answer.
     */
    public record About(String family, String sentence, Optional<String> minimum) {}

    private static final String COVERS_ALL = "administrator";

    public MethodSpec {
        access = Set.copyOf(access);
        params = List.copyOf(params);
        errors = List.copyOf(errors);
        rules = List.copyOf(rules);
    }

    /** Whether an administrator with this access may call the method. */
    public boolean allows(Set<String> held) {
        return held.contains(COVERS_ALL) || held.stream().anyMatch(access::contains);
    }

    public Optional<ParamSpec> param(String paramName) {
        return params.stream().filter(p -> p.name().equals(paramName)).findFirst();
    }
}
