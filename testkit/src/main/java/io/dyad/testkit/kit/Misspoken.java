package io.dyad.testkit.kit;

import static io.dyad.testkit.kit.Choice.oneOf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.ParamSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec.Kind;
import io.dyad.testkit.model.Call;
import io.dyad.testkit.model.Reads.Malformed;
import java.util.List;

/** Requests of a wrong shape, made from the contract: a param missing or of another type, a method that is none. */
final class Misspoken {
    private static final List<MethodSpec> METHODS = Spec.load().methods().values().stream().filter(m -> !m.params().isEmpty()).toList();

    private Misspoken() { }

    static Call call(int which, int how) {
        MethodSpec method = oneOf(METHODS, which);
        ObjectNode params = Call.none();
        method.params().stream().filter(ParamSpec::required).forEach(p -> fill(params, p));
        ParamSpec victim = oneOf(method.params(), how / 3);        // whatever the kind of mistake, any param may be the victim
        return switch (how % 3) {
            case 0 -> new Malformed("Un" + method.name(), params, "xUnknownAPIMethod");
            case 1 -> victim.required() ? new Malformed(method.name(), params.without(victim.name()), "xMissingParameter") : wrong(method, params, victim);
            default -> wrong(method, params, victim);
        };
    }

    private static Call wrong(MethodSpec method, ObjectNode params, ParamSpec victim) {
        boolean container = victim.type().kind() == Kind.OBJECT || victim.type().kind() == Kind.ARRAY;
        params.set(victim.name(), container ? params.numberNode(7) : params.objectNode());
        return new Malformed(method.name(), params, "xInvalidParameterType");
    }

    private static void fill(ObjectNode params, ParamSpec param) {
        switch (param.type().kind()) {
            case INTEGER, NUMBER -> params.put(param.name(), 1_000_000_000L);
            case BOOLEAN -> params.put(param.name(), true);
            case STRING -> params.put(param.name(), "7b7d");
            case OBJECT -> params.putObject(param.name());
            case ARRAY -> params.putArray(param.name());
        }
    }
}
