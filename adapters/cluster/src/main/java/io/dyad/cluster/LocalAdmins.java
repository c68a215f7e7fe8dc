package io.dyad.cluster;

import io.dyad.domain.AdminEvent;
import io.dyad.domain.AdminId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.replication.pairing.People;
import io.dyad.replication.pairing.View;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;

/** The admins of this process's cluster; their password hashes are in the file of secrets. */
final class LocalAdmins implements Admins {
    private final People people;
    private final View view;
    private final SecretFile secrets;
    private final Set<Consumer<String>> watchers = new CopyOnWriteArraySet<>();

    LocalAdmins(People people, View view, SecretFile secrets) {
        this.people = people;
        this.view = view;
        this.secrets = secrets;
    }

    /** To be told every event once it is durable. */
    void observe(Recorded recorded) {
        if (recorded.event() instanceof AdminEvent e) watchers.forEach(w -> w.accept(e.username()));
    }

    @Override public Optional<AdminInfo> authenticate(String username, char[] password) {
        Optional<String> stored = secrets.get(hash(username));
        boolean right = Passwords.matches(password, stored.orElse(Passwords.DECOY));
        stored.filter(s -> right && Passwords.isWeaker(s)).ifPresent(s -> secrets.replace(hash(username), s, Passwords.hash(password)));
        return stored.filter(s -> right).flatMap(s -> all().stream().filter(a -> a.username().equals(username)).findFirst());
    }

    @Override public List<AdminInfo> all() {
        return view.admins().entrySet().stream().map(e -> new AdminInfo(e.getKey(), e.getValue().username(), e.getValue().access(), e.getValue().attributes())).toList();
    }

    @Override public AdminId add(NewAdmin admin, char[] password, Cause cause) {
        AdminId id = people.addAdmin(admin.username(), admin.access(), admin.attributes(), cause);
        secrets.put(hash(admin.username()), Passwords.hash(password));
        return id;
    }

    /** The new hash is there before the event says so, so that nobody remembers the old password after it. */
    @Override public void modify(AdminId id, AdminChange change, Cause cause) {
        AdminInfo admin = all().stream().filter(a -> a.id().equals(id)).findFirst()
            .orElseThrow(() -> new RefusedException(Refusal.ADMIN_DOES_NOT_EXIST, "cluster admin " + id + " does not exist"));
        people.modifyAdmin(id, false, change.access(), change.attributes(), cause);
        change.password().ifPresent(password -> {
            secrets.put(hash(admin.username()), Passwords.hash(password));
            people.modifyAdmin(id, true, Optional.empty(), Optional.empty(), cause);
        });
    }

    @Override public void remove(AdminId id, Cause cause) {
        Optional<AdminInfo> admin = all().stream().filter(a -> a.id().equals(id)).findFirst();
        people.removeAdmin(id, cause);
        admin.ifPresent(a -> secrets.remove(hash(a.username())));
    }

    @Override public void set(String username, char[] password, Cause cause) {
        secrets.put(hash(username), Passwords.hash(password));
        people.setAdmin(username, cause);
    }

    @Override public AutoCloseable onChange(Consumer<String> username) {
        watchers.add(username);
        return () -> watchers.remove(username);
    }

    private static String hash(String username) { return "admin." + username; }
}
