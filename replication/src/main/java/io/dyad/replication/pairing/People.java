package io.dyad.replication.pairing;

import io.dyad.domain.AccountCommand.AddAccount;
import io.dyad.domain.AccountCommand.ModifyAccount;
import io.dyad.domain.AccountCommand.RemoveAccount;
import io.dyad.domain.AccountId;
import io.dyad.domain.AdminCommand;
import io.dyad.domain.AdminId;
import io.dyad.domain.AdminState;
import io.dyad.domain.ClusterCommand;
import io.dyad.domain.ClusterEvent;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The accounts that own volumes and the admins who may call, of one cluster. Secrets are kept elsewhere. Safe for any thread. */
public final class People {
    private static final String EVERYTHING = "administrator";

    private final ClusterNode node;
    private final View view;
    /** Held while admins change, so that somebody who may do everything is left. */
    private final ReentrantLock roster = new ReentrantLock();

    People(ClusterNode node) {
        this.node = node;
        this.view = node.view();
    }

    // ---- accounts ----

    public AccountId addAccount(String username, Map<String, Object> attributes, Cause cause) {
        AccountId id = node.reserve(new ClusterCommand.ReserveAccount(username), cause, e -> ((ClusterEvent.AccountReserved) e).id());
        node.execute(new AddAccount(id, username, attributes), cause);
        return id;
    }

    /** Empty members stay as they are. */
    public void modifyAccount(ModifyAccount change, Optional<String> username, Cause cause) {
        if (!view.accounts().containsKey(change.id())) throw new RefusedException(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + change.id() + " does not exist");
        username.ifPresent(name -> node.execute(new ClusterCommand.RenameAccount(change.id(), name), cause));
        node.execute(change, cause);
    }

    public void removeAccount(AccountId id, Cause cause) {
        if (!view.accounts().containsKey(id)) throw new RefusedException(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + id + " does not exist");
        node.execute(new ClusterCommand.ReleaseAccount(id), cause);
        node.execute(new RemoveAccount(id), cause);
    }

    // ---- admins ----

    public AdminId addAdmin(String username, Set<String> access, Map<String, Object> attributes, Cause cause) {
        AdminId id = node.reserve(new ClusterCommand.ReserveAdmin(username), cause, e -> ((ClusterEvent.AdminReserved) e).id());
        node.execute(new AdminCommand.AddAdmin(username, access), cause);
        node.execute(new AdminCommand.ModifyAdmin(username, Optional.of(access), Optional.of(attributes)), cause);
        return id;
    }

    /** Empty members stay as they are; {@code password}: it has changed. */
    public void modifyAdmin(AdminId id, boolean password, Optional<Set<String>> access, Optional<Map<String, Object>> attributes, Cause cause) {
        roster.lock();
        try {
            String username = admin(id).username();
            if (access.filter(a -> !a.contains(EVERYTHING)).isPresent()) requireAnother(id);
            node.execute(new AdminCommand.ModifyAdmin(username, access, attributes), cause);
            if (password) node.execute(new AdminCommand.ChangePassword(username), cause);
        } finally {
            roster.unlock();
        }
    }

    public void removeAdmin(AdminId id, Cause cause) {
        roster.lock();
        try {
            String username = admin(id).username();
            requireAnother(id);
            node.execute(new AdminCommand.RemoveAdmin(username), cause);
            node.execute(new ClusterCommand.ReleaseAdmin(id), cause);
        } finally {
            roster.unlock();
        }
    }

    /** Adds an administrator, or notes that one has another password. */
    public void setAdmin(String username, Cause cause) {
        Optional<AdminId> known = view.admins().entrySet().stream().filter(e -> e.getValue().username().equals(username)).map(Map.Entry::getKey).findFirst();
        if (known.isPresent()) modifyAdmin(known.get(), true, Optional.empty(), Optional.empty(), cause);
        else addAdmin(username, Set.of(EVERYTHING), Map.of(), cause);
    }

    private AdminState.Active admin(AdminId id) {
        AdminState.Active admin = view.admins().get(id);
        if (admin == null) throw new RefusedException(Refusal.ADMIN_DOES_NOT_EXIST, "cluster admin " + id + " does not exist");
        return admin;
    }

    private void requireAnother(AdminId than) {
        if (!admin(than).access().contains(EVERYTHING)) return;
        if (view.admins().entrySet().stream().noneMatch(e -> !e.getKey().equals(than) && e.getValue().access().contains(EVERYTHING)))
            throw new RefusedException(Refusal.LAST_ADMINISTRATOR, "cluster admin " + than + " is the only one with administrator access");
    }

    /** Numbers those whom an older version added, and gives back numbers that a crash left without an owner. */
    void recover(Cause cause) {
        view.formed().accounts().keySet().forEach(id -> {
            if (!view.accounts().containsKey(id)) node.execute(new ClusterCommand.ReleaseAccount(id), cause);
        });
        view.formed().admins().keySet().forEach(id -> {
            if (!view.admins().containsKey(id)) node.execute(new ClusterCommand.ReleaseAdmin(id), cause);
        });
        view.everyAdmin().filter(name -> !view.formed().admins().containsValue(name)).sorted()
            .forEach(name -> node.execute(new ClusterCommand.ReserveAdmin(name), cause));
    }
}
