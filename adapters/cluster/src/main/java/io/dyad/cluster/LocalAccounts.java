package io.dyad.cluster;

import io.dyad.domain.AccountCommand.ModifyAccount;
import io.dyad.domain.AccountId;
import io.dyad.domain.AccountState;
import io.dyad.domain.EventLog.Cause;
import io.dyad.domain.VolumeId;
import io.dyad.domain.VolumeState;
import io.dyad.replication.pairing.People;
import io.dyad.replication.pairing.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The accounts of this process's cluster; their CHAP secrets are in the file of secrets. */
final class LocalAccounts implements Accounts {
    private final People people;
    private final View view;
    private final SecretFile secrets;

    LocalAccounts(People people, View view, SecretFile secrets) {
        this.people = people;
        this.view = view;
        this.secrets = secrets;
    }

    @Override public AccountInfo add(NewAccount account, Cause cause) {
        AccountId id = people.addAccount(account.username(), account.attributes(), cause);
        if (!account.chap()) people.modifyAccount(new ModifyAccount(id, Optional.empty(), Optional.empty(), Optional.of(false)), Optional.empty(), cause);
        secrets.put(initiator(id), account.secrets().initiator().orElseGet(Assembly::chapSecret));
        secrets.put(target(id), account.secrets().target().orElseGet(Assembly::chapSecret));
        return find(id).orElseThrow();
    }

    @Override public AccountInfo modify(AccountId id, AccountChange change, Cause cause) {
        people.modifyAccount(new ModifyAccount(id, change.locked(), change.attributes(), change.chap()), change.username(), cause);
        change.secrets().initiator().ifPresent(secret -> secrets.put(initiator(id), secret));
        change.secrets().target().ifPresent(secret -> secrets.put(target(id), secret));
        return find(id).orElseThrow();
    }

    @Override public void remove(AccountId id, Cause cause) {
        people.removeAccount(id, cause);
        secrets.remove(initiator(id));
        secrets.remove(target(id));
    }

    @Override public List<AccountInfo> all() {
        Map<AccountId, List<VolumeId>> volumes = new HashMap<>();
        view.volumes().forEach((id, state) -> {
            if (state instanceof VolumeState.Active v) volumes.computeIfAbsent(v.volume().account(), owner -> new ArrayList<>()).add(id);
        });
        return view.accounts().values().stream().map(a -> info(a, volumes.getOrDefault(a.id(), List.of()))).toList();
    }

    @Override public Optional<AccountInfo> find(AccountId id) {
        return Optional.ofNullable(view.accounts().get(id)).map(a -> info(a, view.volumes().values().stream()
            .flatMap(s -> s instanceof VolumeState.Active v && v.volume().account().equals(id) ? Stream.of(v.volume().id()) : Stream.empty()).toList()));
    }

    private AccountInfo info(AccountState.Active a, List<VolumeId> volumes) {
        String username = view.formed().accounts().getOrDefault(a.id(), a.username());
        return new AccountInfo(a.id(), username, secrets.get(initiator(a.id())).orElse(""), secrets.get(target(a.id())).orElse(""), a.attributes(), a.locked(), a.chap(), volumes);
    }

    private static String initiator(AccountId id) { return "account." + id + ".initiator"; }

    private static String target(AccountId id) { return "account." + id + ".target"; }
}
