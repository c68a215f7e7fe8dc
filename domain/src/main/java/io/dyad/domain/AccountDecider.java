package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;

import io.dyad.domain.AccountCommand.AddAccount;
import io.dyad.domain.AccountCommand.RemoveAccount;
import io.dyad.domain.AccountEvent.AccountAdded;
import io.dyad.domain.AccountEvent.AccountRemoved;
import io.dyad.domain.AccountState.Absent;
import io.dyad.domain.AccountState.Active;
import io.dyad.domain.AccountState.Removed;

/** The rules of an account. That names are unique is the cluster's rule. */
public final class AccountDecider implements Decider<AccountState, AccountCommand, AccountEvent> {
    @Override public AccountState initial() { return new Absent(); }

    @Override public Decision<AccountEvent> decide(AccountState state, AccountCommand command) {
        return switch (state) {
            case Absent s  -> whenAbsent(command);
            case Active s  -> whenActive(command);
            case Removed s -> refuse(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + s.id() + " was removed");
        };
    }

    private static Decision<AccountEvent> whenAbsent(AccountCommand command) {
        return switch (command) {
            case AddAccount c    -> append(new AccountAdded(c.id(), c.username(), c.attributes()));
            case RemoveAccount c -> refuse(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + c.id() + " does not exist");
        };
    }

    private static Decision<AccountEvent> whenActive(AccountCommand command) {
        return switch (command) {
            case AddAccount c    -> nothing();
            case RemoveAccount c -> append(new AccountRemoved(c.id()));
        };
    }

    @Override public AccountState evolve(AccountState state, AccountEvent event) {
        return switch (event) {
            case AccountAdded e when state instanceof Absent   -> new Active(e.id(), e.username(), e.attributes());
            case AccountRemoved e when state instanceof Active -> new Removed(e.id());
            case AccountAdded e   -> throw new CorruptHistoryException(state, e);
            case AccountRemoved e -> throw new CorruptHistoryException(state, e);
        };
    }
}
