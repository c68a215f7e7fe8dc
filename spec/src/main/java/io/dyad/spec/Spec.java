package io.dyad.spec;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * The whole contract. {@code versions} are the endpoints served, the last one being current;
 * maps are by name and keep the order of the files.
 */
public record Spec(Map<String, MethodSpec> methods, Map<String, TypeSpec> types, Map<String, ErrorSpec> errors,
                   Map<String, LimitSpec> limits, NavigableSet<Version> versions, Map<String, RuleSpec> rules,
                   List<GoldenExchange> golden, List<KeyVector> keys) {

    /** The one contract of this build, read once. */
    public static Spec load() { return Loaded.SPEC; }

    public Version currentVersion() { return versions.last(); }

    /** The methods that answer on an endpoint, by name. */
    public List<MethodSpec> methodsAt(Version version) {
        return methods.values().stream().filter(m -> version.isAtLeast(m.since()))
            .sorted(Comparator.comparing(MethodSpec::name)).toList();
    }

    /** The method of that name if it answers on that endpoint. */
    public Optional<MethodSpec> method(String name, Version version) {
        return Optional.ofNullable(methods.get(name)).filter(m -> version.isAtLeast(m.since()));
    }

    /** The type so written, be it a name, {@code X[]} or {@code map<string,X>}. */
    public TypeSpec type(String written) { return SpecReader.type(written, types); }

    /** The method of that name on any endpoint; a name unknown to the contract is a mistake, as with the accessors below. */
    public MethodSpec method(String name) { return known(methods, name); }

    public ErrorSpec error(String name) { return known(errors, name); }

    public long limit(String name) { return known(limits, name).value(); }

    private static <T> T known(Map<String, T> map, String name) {
        T found = map.get(name);
        if (found == null) throw new IllegalArgumentException("the contract has no " + name);
        return found;
    }

    private static final class Loaded {
        static final Spec SPEC = new SpecReader().read();
    }
}
