package io.dyad.cluster;

import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The accounts of a cluster: who owns its volumes. */
public interface Accounts {
    AccountInfo add(NewAccount account, Cause cause);

    /** Every account, by number. */
    List<AccountInfo> all();

    Optional<AccountInfo> find(AccountId id);

    /** Empty members stay as they are. */
    AccountInfo modify(AccountId id, AccountChange change, Cause cause);

    /** Refused while it owns volumes, deleted ones counted until they are purged. */
    void remove(AccountId id, Cause cause);

    /** The two ends' CHAP secrets, of 12 to 16 characters; empty ones are made up. */
    record ChapSecrets(Optional<String> initiator, Optional<String> target) {
        public static final ChapSecrets MADE_UP = new ChapSecrets(Optional.empty(), Optional.empty());
    }

    record NewAccount(String username, ChapSecrets secrets, Map<String, Object> attributes, boolean chap) {
        public static NewAccount of(String username) { return new NewAccount(username, ChapSecrets.MADE_UP, Map.of(), true); }

        public NewAccount withSecrets(String initiator, String target) {
            return new NewAccount(username, new ChapSecrets(Optional.of(initiator), Optional.of(target)), attributes, chap);
        }

        public NewAccount withAttributes(Map<String, Object> now) { return new NewAccount(username, secrets, now, chap); }
    }

    record AccountChange(Optional<String> username, Optional<Boolean> locked, ChapSecrets secrets, Optional<Map<String, Object>> attributes, Optional<Boolean> chap) { }

    /** {@code volumes}: those that are not deleted. */
    record AccountInfo(AccountId id, String username, String initiatorSecret, String targetSecret, Map<String, Object> attributes, boolean locked, boolean chap,
                       List<VolumeId> volumes) { }
}
