package io.dyad.spec;

import java.util.Comparator;
import java.util.regex.Pattern;

/** An endpoint's version, as in {@code /json-rpc/12.5}; 1.0 is before 9.6, and 9.6 before 10.0. */
public record Version(int major, int minor) implements Comparable<Version> {
    private static final Pattern TEXT = Pattern.compile("(0|[1-9]\\d?)\\.(\\d)");
    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major).thenComparingInt(Version::minor);

    public static Version of(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) throw new IllegalArgumentException("no version: " + text);
        return new Version(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    public boolean isAtLeast(Version other) { return compareTo(other) >= 0; }

    @Override public int compareTo(Version other) { return ORDER.compare(this, other); }

    @Override public String toString() { return major + "." + minor; }
}
