package io.dyad.spec;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A type of the wire. Lists and maps are written {@code X[]} and {@code map<string,X>}. */
public sealed interface TypeSpec {
    String name();

    /** The JSON type, as error messages call it. */
    Kind kind();

    /** What a value of it is; empty for what is written by the names of others, and for results. */
    default String doc() { return ""; }

    /** What a value of this type looks like in JSON. */
    enum Kind {
        STRING, INTEGER, NUMBER, BOOLEAN, OBJECT, ARRAY;

        public String word() { return name().toLowerCase(Locale.ROOT); }
    }

    /**
     * A single value, or an object of any content.
     * The bounds are a number's least and greatest value, or a string's least and greatest length in code points.
     * A secret is never repeated in a message.
     */
    record Scalar(String name, String doc, Kind kind, Bounds bounds, Optional<Pattern> pattern, boolean secret) implements TypeSpec {}

    /** An enumeration; values are answered as spelt here. */
    record Words(String name, String doc, List<String> values, boolean ignoreCase) implements TypeSpec {
        public Words { values = List.copyOf(values); }

        @Override public Kind kind() { return Kind.STRING; }

        /** The value as spelt here, if {@code text} is one. */
        public Optional<String> canonical(String text) {
            return values.stream().filter(v -> ignoreCase ? v.equalsIgnoreCase(text) : v.equals(text)).findFirst();
        }
    }

    /** An array. */
    record ListOf(TypeSpec element) implements TypeSpec {
        @Override public String name() { return element.name() + "[]"; }

        @Override public Kind kind() { return Kind.ARRAY; }
    }

    /** An object with names of the caller's choice. */
    record MapOf(TypeSpec value) implements TypeSpec {
        @Override public String name() { return "map<string," + value.name() + ">"; }

        @Override public Kind kind() { return Kind.OBJECT; }
    }

    /** An object with fields; {@code further} is the type of members beside them, where there may be any. */
    record Members(String name, String doc, List<FieldSpec> fields, Optional<TypeSpec> further) implements TypeSpec {
        public Members { fields = List.copyOf(fields); }

        @Override public Kind kind() { return Kind.OBJECT; }

        public Optional<FieldSpec> field(String name) {
            return fields.stream().filter(f -> f.name().equals(name)).findFirst();
        }
    }

    /** A closed range that may be open at either end. */
    record Bounds(OptionalLong min, OptionalLong max) {
        static final Bounds NONE = new Bounds(OptionalLong.empty(), OptionalLong.empty());

        public boolean hold(long value) {
            return (min.isEmpty() || value >= min.getAsLong()) && (max.isEmpty() || value <= max.getAsLong());
        }

        @Override public String toString() {
            if (max.isEmpty()) return min.isEmpty() ? "anything" : "at least " + min.getAsLong();
            return min.isEmpty() ? "at most " + max.getAsLong() : "from " + min.getAsLong() + " to " + max.getAsLong();
        }
    }
}
