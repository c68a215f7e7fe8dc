package io.dyad.domain;

/** The limits of volume access groups (Element 12.x API, GetLimits). */
final class AccessGroupsLimits {
    static final int GROUPS = 1000;
    static final int VOLUMES_OF_A_GROUP = 2000;
    static final int GROUPS_OF_A_VOLUME = 64;
    static final int INITIATORS_OF_A_GROUP = 128;
    static final int NAME_CHARS = 64;
    static final int INITIATOR_CHARS = 224;
    static final int LAST_LUN = 16_383;

    private AccessGroupsLimits() { }
}
