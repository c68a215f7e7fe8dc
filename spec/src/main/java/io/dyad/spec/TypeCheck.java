package io.dyad.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.spec.TypeSpec.Kind;
import io.dyad.spec.TypeSpec.ListOf;
import io.dyad.spec.TypeSpec.MapOf;
import io.dyad.spec.TypeSpec.Members;
import io.dyad.spec.TypeSpec.Scalar;
import io.dyad.spec.TypeSpec.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * The comparison of an answer with its type: strict where requests are read leniently.
 * A problem is a path and what is wrong there, as in {@code /volumes/0/access: "rw" is not of VolumeAccess}; secrets are not shown.
 */
public final class TypeCheck {
    private TypeCheck() {}

    /** How a value deviates from the type so written; empty when it does not. */
    public static List<String> problems(String type, JsonNode value) { return problems(Spec.load().type(type), value); }

    public static List<String> problems(TypeSpec type, JsonNode value) {
        List<String> found = new ArrayList<>();
        check("", type, value, found);
        return List.copyOf(found);
    }

    private static void check(String path, TypeSpec type, JsonNode value, List<String> found) {
        if (!isKind(type.kind(), value)) {
            found.add(path + ": expected " + type.kind().word() + " but found " + shown(type, value));
            return;
        }
        switch (type) {
            case Scalar s -> {
                if (!holds(s, value)) found.add(path + ": " + shown(type, value) + " is not of " + s.name());
            }
            case Words w -> {
                if (!w.values().contains(value.textValue())) found.add(path + ": " + value + " is not of " + w.name());
            }
            case ListOf l -> {
                for (int i = 0; i < value.size(); i++) check(path + "/" + i, l.element(), value.get(i), found);
            }
            case MapOf m -> value.properties().forEach(e -> check(path + "/" + e.getKey(), m.value(), e.getValue(), found));
            case Members m -> checkMembers(path, m, value, found);
        }
    }

    private static void checkMembers(String path, Members type, JsonNode value, List<String> found) {
        for (FieldSpec field : type.fields()) {
            JsonNode member = value.path(field.name());
            if (member.isMissingNode()) {
                if (!field.optional()) found.add(path + "/" + field.name() + ": is missing");
            } else if (!member.isNull() || !field.nullable()) {
                check(path + "/" + field.name(), field.type(), member, found);
            }
        }
        value.properties().stream().filter(e -> type.field(e.getKey()).isEmpty()).forEach(e -> type.further().ifPresentOrElse(
            further -> check(path + "/" + e.getKey(), further, e.getValue(), found),
            () -> found.add(path + "/" + e.getKey() + ": is unknown to " + type.name())));
    }

    static boolean isKind(Kind kind, JsonNode value) {
        return switch (kind) {
            case STRING  -> value.isTextual();
            case INTEGER -> value.isIntegralNumber() && value.canConvertToLong();
            case NUMBER  -> value.isNumber();
            case BOOLEAN -> value.isBoolean();
            case OBJECT  -> value.isObject();
            case ARRAY   -> value.isArray();
        };
    }

    /** Whether a value of the right kind is within bounds and pattern. */
    static boolean holds(Scalar type, JsonNode value) {
        return type.bounds().hold(measure(value))
            && type.pattern().map(p -> p.matcher(value.textValue()).matches()).orElse(true);
    }

    /** What bounds are about: a number's value, a string's length in code points. */
    static long measure(JsonNode value) {
        return value.isTextual() ? value.textValue().codePointCount(0, value.textValue().length()) : value.longValue();
    }

    private static String shown(TypeSpec type, JsonNode value) {
        return type instanceof Scalar s && s.secret() && !value.isMissingNode() ? "a secret" : value.toString();
    }
}
