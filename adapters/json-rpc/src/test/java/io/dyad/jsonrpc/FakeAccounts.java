package io.dyad.jsonrpc;

import io.dyad.cluster.Accounts;
import io.dyad.cluster.VolumeInfo;
import io.dyad.domain.AccountId;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.Refusal;
import io.dyad.domain.RefusedException;
import io.dyad.domain.VolumeId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Accounts in memory; {@code causes} is told who changes them. */
final class FakeAccounts implements Accounts {
    private final TreeMap<AccountId, AccountInfo> accounts = new TreeMap<>();
    private final Supplier<Collection<VolumeInfo>> volumes;
    private final Consumer<Cause> causes;
    private long last;

    FakeAccounts(Supplier<Collection<VolumeInfo>> volumes, Consumer<Cause> causes) {
        this.volumes = volumes;
        this.causes = causes;
    }

    @Override public AccountInfo add(NewAccount a, Cause cause) {
        causes.accept(cause);
        requireFree(a.username());
        if (accounts.size() == 5000) throw new RefusedException(Refusal.EXCEEDED_LIMIT, "at most 5000 accounts");
        var id = new AccountId(++last);
        accounts.put(id, new AccountInfo(id, a.username(), a.secrets().initiator().orElse("initiator012"), a.secrets().target().orElse("target012345"), a.attributes(), false, a.chap(), List.of()));
        return accounts.get(id);
    }

    private void requireFree(String username) {
        if (accounts.values().stream().anyMatch(a -> a.username().equals(username))) throw new RefusedException(Refusal.DUPLICATE_USERNAME, username);
    }

    boolean has(AccountId id) { return accounts.containsKey(id); }

    @Override public List<AccountInfo> all() { return accounts.values().stream().map(this::withVolumes).toList(); }

    private AccountInfo withVolumes(AccountInfo a) {
        return new AccountInfo(a.id(), a.username(), a.initiatorSecret(), a.targetSecret(), a.attributes(), a.locked(), a.chap(), volumesOf(a.id()));
    }

    private List<VolumeId> volumesOf(AccountId id) {
        return volumes.get().stream().filter(v -> v.volume().account().equals(id)).map(v -> v.volume().id()).toList();
    }

    @Override public Optional<AccountInfo> find(AccountId id) { return Optional.ofNullable(accounts.get(id)).map(this::withVolumes); }

    @Override public AccountInfo modify(AccountId id, AccountChange c, Cause cause) {
        causes.accept(cause);
        AccountInfo a = existing(id);
        c.username().filter(name -> !name.equals(a.username())).ifPresent(this::requireFree);
        accounts.put(id, new AccountInfo(id, c.username().orElse(a.username()), c.secrets().initiator().orElse(a.initiatorSecret()), c.secrets().target().orElse(a.targetSecret()),
            c.attributes().orElse(a.attributes()), c.locked().orElse(a.locked()), c.chap().orElse(a.chap()), List.of()));
        return find(id).orElseThrow();
    }

    @Override public void remove(AccountId id, Cause cause) {
        causes.accept(cause);
        if (!volumesOf(existing(id).id()).isEmpty()) throw new RefusedException(Refusal.ACCOUNT_IN_USE, "account " + id);
        accounts.remove(id);
    }

    private AccountInfo existing(AccountId id) {
        return find(id).orElseThrow(() -> new RefusedException(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + id));
    }
}
