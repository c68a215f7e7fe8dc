package io.dyad.replication.pairing;

import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.replication.Terms;
import java.util.Map;
import java.util.Optional;

/**
 * A volume's attributes that are ours, under keys {@code dyad.…}, and the {@link Terms} they make of a cluster's own.
 * {@code dyad.rateBytesPerSecond}: how fast the pair ships at most. {@code dyad.syncStrict}: true or false.
 * {@code dyad.syncTimeoutSeconds}: how long a Sync write waits for a silent target. Others are the client's own.
 */
public final class PairTerms {
    private static final String OURS = "dyad.";
    private static final String RATE = "dyad.rateBytesPerSecond";
    private static final String STRICT = "dyad.syncStrict";
    private static final String TIMEOUT = "dyad.syncTimeoutSeconds";
    private static final double MAX_TIMEOUT_SECONDS = 86_400;

    private PairTerms() { }

    /** Refuses, in words, what is under one of our keys and means nothing. */
    public static void check(Map<String, Object> attributes) {
        for (String key : attributes.keySet())
            if (key.startsWith(OURS) && !key.equals(RATE) && !key.equals(STRICT) && !key.equals(TIMEOUT))
                throw wrong(key + " is not known; there are " + RATE + ", " + STRICT + " and " + TIMEOUT);
        of(attributes, Terms.DEFAULT);
    }

    /** What the attributes say, and {@code otherwise} where they say nothing. */
    static Terms of(Map<String, Object> attributes, Terms otherwise) {
        boolean strict = Optional.ofNullable(attributes.get(STRICT)).map(PairTerms::flag).orElse(otherwise.strict());
        long timeoutNs = number(attributes, TIMEOUT, 0.001, MAX_TIMEOUT_SECONDS).map(s -> (long) (s * 1e9)).orElse(otherwise.syncTimeoutNs());
        long rate = number(attributes, RATE, 1, Long.MAX_VALUE).map(Double::longValue).orElse(otherwise.rateBytesPerSecond());
        return new Terms(strict, timeoutNs, rate);
    }

    private static boolean flag(Object value) {
        if (value instanceof Boolean b) return b;
        if ("true".equals(value) || "false".equals(value)) return "true".equals(value);
        throw wrong(STRICT + " is true or false, not " + value);
    }

    /** A JSON number, or one in a string as some clients send it. */
    private static Optional<Double> number(Map<String, Object> attributes, String key, double least, double most) {
        Object value = attributes.get(key);
        if (value == null) return Optional.empty();
        try {
            double number = Double.parseDouble(String.valueOf(value));
            if (number >= least && number <= most) return Optional.of(number);
        } catch (NumberFormatException notANumber) {
            throw wrong(key + " is a number, not " + value);
        }
        throw wrong(key + " is at least " + least + " and at most " + (long) most + ", not " + value);
    }

    private static RefusedException wrong(String why) { return new RefusedException(Refusal.INVALID_PARAMETER, why); }
}
