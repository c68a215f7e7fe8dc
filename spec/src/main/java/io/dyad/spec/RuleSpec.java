package io.dyad.spec;

/**
 * A rule of behaviour with an id that stays: tests carry it as {@code @Tag("CP-1")} or in their name as {@code CP_1}.
 * CP cluster pairs, VP volume pairs, FO failover, failback and size, MS modes and snapshots, LI limits,
 * ER errata of the published reference, which are not to be reproduced.
 */
public record RuleSpec(String id, String statement) {
    /** The letters before the number. */
    public String family() { return id.substring(0, id.indexOf('-')); }
}
