package io.dyad.jsonrpc;

import io.dyad.cluster.Admins;
import io.dyad.domain.AdminId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Admins in memory, the first one "admin" with administrator access; {@code causes} is told who changes them. */
final class FakeAdmins implements Admins {
    final AtomicInteger authentications = new AtomicInteger();
    private final TreeMap<AdminId, AdminInfo> admins = new TreeMap<>();
    private final Map<String, String> passwords = new HashMap<>();
    private final List<Consumer<String>> watchers = new CopyOnWriteArrayList<>();
    private final Consumer<Cause> causes;
    private long last;

    FakeAdmins(Consumer<Cause> causes) {
        this.causes = causes;
        add("admin", Set.of("administrator"), FakeCluster.PASSWORD);
    }

    synchronized AdminId add(String username, Set<String> access, String password) {
        if (admins.values().stream().anyMatch(a -> a.username().equals(username))) throw new RefusedException(Refusal.DUPLICATE_USERNAME, username);
        if (admins.size() == 5000) throw new RefusedException(Refusal.EXCEEDED_LIMIT, "at most 5000 admins");
        var id = new AdminId(++last);
        admins.put(id, new AdminInfo(id, username, access, Map.of()));
        passwords.put(username, password);
        return id;
    }

    @Override public synchronized Optional<AdminInfo> authenticate(String username, char[] password) {
        authentications.incrementAndGet();
        if (!new String(password).equals(passwords.get(username))) return Optional.empty();
        return admins.values().stream().filter(a -> a.username().equals(username)).findFirst();
    }

    @Override public synchronized List<AdminInfo> all() { return List.copyOf(admins.values()); }

    @Override public synchronized AdminId add(NewAdmin a, char[] password, Cause cause) {
        causes.accept(cause);
        AdminId id = add(a.username(), a.access(), new String(password));
        admins.put(id, new AdminInfo(id, a.username(), a.access(), a.attributes()));
        return id;
    }

    @Override public synchronized void modify(AdminId id, AdminChange c, Cause cause) {
        causes.accept(cause);
        AdminInfo a = existing(id);
        if (c.access().filter(now -> !now.contains("administrator")).isPresent()) requireAnother(id);
        admins.put(id, new AdminInfo(id, a.username(), c.access().orElse(a.access()), c.attributes().orElse(a.attributes())));
        c.password().ifPresent(p -> passwords.put(a.username(), new String(p)));
        watchers.forEach(w -> w.accept(a.username()));
    }

    @Override public synchronized void remove(AdminId id, Cause cause) {
        causes.accept(cause);
        AdminInfo a = existing(id);
        requireAnother(id);
        admins.remove(id);
        passwords.remove(a.username());
        watchers.forEach(w -> w.accept(a.username()));
    }

    @Override public void set(String username, char[] password, Cause cause) { throw new UnsupportedOperationException("no method sets admins"); }

    @Override public AutoCloseable onChange(Consumer<String> username) {
        watchers.add(username);
        return () -> watchers.remove(username);
    }

    private AdminInfo existing(AdminId id) {
        return Optional.ofNullable(admins.get(id)).orElseThrow(() -> new RefusedException(Refusal.ADMIN_DOES_NOT_EXIST, "cluster admin " + id));
    }

    private void requireAnother(AdminId than) {
        if (existing(than).access().contains("administrator") && admins.values().stream().noneMatch(a -> !a.id().equals(than) && a.access().contains("administrator")))
            throw new RefusedException(Refusal.LAST_ADMINISTRATOR, "cluster admin " + than);
    }
}
