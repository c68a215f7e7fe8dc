package io.dyad.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A count of bytes on the command line: digits, and K, M or G for the powers of 1024. */
final class Bytes implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})([KMG]?)");

    @Override public Long convert(String text) {
        Matcher m = FORM.matcher(text.toUpperCase(Locale.ROOT));
        if (!m.matches()) throw new TypeConversionException("'" + text + "' is no count of bytes, such as 1048576, 512K or 256M");
        int shift = m.group(2).isEmpty() ? 0 : 10 * ("KMG".indexOf(m.group(2)) + 1);
        return Long.parseLong(m.group(1)) << shift;
    }
}
