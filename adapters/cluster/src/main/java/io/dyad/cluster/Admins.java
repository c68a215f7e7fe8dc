package io.dyad.cluster;

import io.dyad.domain.AdminId;
import io.dyad.domain.EventLog.Cause;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The admins of a cluster: who may call its API, and what. There is always one with administrator access. */
public interface Admins {
    /** The admin of this name, when the password is right. Slow on purpose. */
    Optional<AdminInfo> authenticate(String username, char[] password);

    /** Every admin, by number. */
    List<AdminInfo> all();

    AdminId add(NewAdmin admin, char[] password, Cause cause);

    /** Empty members stay as they are. */
    void modify(AdminId id, AdminChange change, Cause cause);

    void remove(AdminId id, Cause cause);

    /** Adds an administrator, or sets the password of one. */
    void set(String username, char[] password, Cause cause);

    /** Calls back with the name of every admin that is added, changed or removed from now on, before the change is answered. */
    AutoCloseable onChange(Consumer<String> username);

    record NewAdmin(String username, Set<String> access, Map<String, Object> attributes) { }

    record AdminChange(Optional<char[]> password, Optional<Set<String>> access, Optional<Map<String, Object>> attributes) { }

    record AdminInfo(AdminId id, String username, Set<String> access, Map<String, Object> attributes) { }
}
