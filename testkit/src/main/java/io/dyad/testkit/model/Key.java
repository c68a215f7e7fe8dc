package io.dyad.testkit.model;

/** A pairing key that a cluster answered: {@code id} is its cluster pair or volume there. Its text is a secret. */
public record Key(Kind kind, Side from, long id, String uuid, String text, boolean altered) {
    /** What a key pairs. */
    public enum Kind { CLUSTER, VOLUME }

    /** This key with one hexadecimal digit changed, though never in the address that would be called. */
    public Key changed(int where) { return new Key(kind, from, id, uuid, KeyText.changed(text, where), true); }

    /** ER-9: whether a text that others read gives away this key or its password. */
    public boolean shownIn(String others) {
        String password = KeyText.members(text).path("password").toString();
        return others.contains(text) || password.length() > 2 && others.contains(password);
    }

    @Override public String toString() { return kind + " key " + uuid + (altered ? ", altered" : ""); }
}
