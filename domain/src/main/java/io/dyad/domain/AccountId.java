package io.dyad.domain;

/** An account's number on its own cluster, 1 and up. */
public record AccountId(long value) implements Comparable<AccountId> {
    public AccountId {
        if (value < 1) throw new IllegalArgumentException("account id " + value + " is below 1");
    }

    @Override public int compareTo(AccountId other) { return Long.compare(value, other.value); }

    @Override public String toString() { return Long.toString(value); }
}
