package io.dyad.spec;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error of the wire; its code is always {@link #CODE}.
 * {@code template} is the message with {@code {name}} where a value goes; {@code anyMethod} ones are not named by methods;
 * {@code ours} ones are named by us where the vendor's name is unknown; {@code inAnswer} ones refuse nothing, but stand in an answer about something that failed.
 */
public record ErrorSpec(String name, String template, String when, boolean anyMethod, boolean ours, boolean inAnswer) {
    public static final int CODE = 500;
    private static final Pattern PLACE = Pattern.compile("\\{(\\w+)}");

    /** The message with its places filled; a place without a value is a mistake of the caller's. */
    public String message(Map<String, ?> values) {
        return PLACE.matcher(template).replaceAll(place -> {
            Object value = values.get(place.group(1));
            if (value == null) throw new IllegalArgumentException(name + " needs a value for " + place.group());
            return Matcher.quoteReplacement(value.toString());
        });
    }
}
