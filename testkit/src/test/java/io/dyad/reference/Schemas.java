package io.dyad.reference;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.FieldSpec;
import io.dyad.spec.TypeSpec;
import io.dyad.spec.TypeSpec.Bounds;
import io.dyad.spec.TypeSpec.Kind;
import io.dyad.spec.TypeSpec.ListOf;
import io.dyad.spec.TypeSpec.MapOf;
import io.dyad.spec.TypeSpec.Members;
import io.dyad.spec.TypeSpec.Scalar;
import io.dyad.spec.TypeSpec.Words;

/** Types of the contract as JSON Schema (draft 7). Named types are referred to; the answer is stricter than what is read. */
final class Schemas {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Schemas() { }

    /** Named types stand under components/schemas; the JSON kinds themselves do not. */
    static boolean isNamed(TypeSpec type) {
        return !(type instanceof ListOf) && !(type instanceof MapOf) && !type.name().equals(type.kind().word());
    }

    static ObjectNode of(TypeSpec type) {
        return isNamed(type) ? JSON.objectNode().put("$ref", "#/components/schemas/" + type.name()) : body(type);
    }

    static ObjectNode body(TypeSpec type) {
        ObjectNode schema = JSON.objectNode().put("type", type.kind().word());
        if (!type.doc().isEmpty()) schema.put("description", type.doc());
        return switch (type) {
            case Scalar s  -> scalar(schema, s);
            case Words w   -> {
                var values = schema.putArray("enum");
                w.values().forEach(values::add);
                yield w.ignoreCase() ? schema.put("description", type.doc() + " Read in any case, answered as spelt here.") : schema;
            }
            case ListOf l  -> schema.set("items", of(l.element()));
            case MapOf m   -> schema.set("additionalProperties", of(m.value()));
            case Members m -> members(schema, m);
        };
    }

    private static ObjectNode scalar(ObjectNode schema, Scalar type) {
        Bounds bounds = type.bounds();
        boolean text = type.kind() == Kind.STRING;
        bounds.min().ifPresent(min -> schema.put(text ? "minLength" : "minimum", min));
        bounds.max().ifPresent(max -> schema.put(text ? "maxLength" : "maximum", max));
        type.pattern().ifPresent(p -> schema.put("pattern", "^(?:" + p.pattern() + ")$"));
        return type.secret() ? schema.put("description", type.doc() + " Never repeated in a message.") : schema;
    }

    static ObjectNode members(ObjectNode schema, Members type) {
        ObjectNode properties = schema.putObject("properties");
        type.fields().forEach(f -> properties.set(f.name(), field(f)));
        var required = schema.putArray("required");
        type.fields().stream().filter(f -> !f.optional()).forEach(f -> required.add(f.name()));
        type.further().ifPresentOrElse(f -> schema.set("additionalProperties", of(f)), () -> schema.put("additionalProperties", false));
        return schema;
    }

    private static ObjectNode field(FieldSpec field) {
        if (!field.nullable()) return of(field.type());
        ObjectNode schema = JSON.objectNode();
        schema.putArray("oneOf").add(of(field.type())).add(JSON.objectNode().put("type", "null"));
        return schema;
    }
}
