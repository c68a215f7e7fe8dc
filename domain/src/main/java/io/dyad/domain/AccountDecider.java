package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;

import io.dyad.domain.AccountCommand.AddAccount;
import io.dyad.domain.AccountCommand.ModifyAccount;
import io.dyad.domain.AccountCommand.RemoveAccount;
import io.dyad.domain.AccountEvent.AccountAdded;
import io.dyad.domain.AccountEvent.AccountLabelled;
import io.dyad.domain.AccountEvent.AccountLocked;
import io.dyad.domain.AccountEvent.AccountRemoved;
import io.dyad.domain.AccountEvent.AccountUnlocked;
import io.dyad.domain.AccountEvent.ChapChanged;
import io.dyad.domain.AccountState.Absent;
import io.dyad.domain.AccountState.Active;
import io.dyad.domain.AccountState.Removed;
import java.util.ArrayList;
import java.util.List;

/** The rules of an account. That names are unique is the cluster's rule. */
public final class AccountDecider implements Decider<AccountState, AccountCommand, AccountEvent> {
    @Override public AccountState initial() { return new Absent(); }

    @Override public Decision<AccountEvent> decide(AccountState state, AccountCommand command) {
        return switch (state) {
            case Absent s  -> whenAbsent(command);
            case Active s  -> whenActive(s, command);
            case Removed s -> refuse(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + s.id() + " was removed");
        };
    }

    private static Decision<AccountEvent> whenAbsent(AccountCommand command) {
        return switch (command) {
            case AddAccount c    -> append(new AccountAdded(c.id(), c.username(), c.attributes()));
            case ModifyAccount c -> missing(c);
            case RemoveAccount c -> missing(c);
        };
    }

    private static Decision<AccountEvent> whenActive(Active s, AccountCommand command) {
        return switch (command) {
            case AddAccount c    -> nothing();
            case ModifyAccount c -> new Decision.Accepted<>(changes(s, c));
            case RemoveAccount c -> append(new AccountRemoved(c.id()));
        };
    }

    /** Only what differs, so that saying the same twice is no event. */
    private static List<AccountEvent> changes(Active s, ModifyAccount c) {
        List<AccountEvent> events = new ArrayList<>();
        c.locked().filter(l -> l != s.locked()).ifPresent(l -> events.add(l ? new AccountLocked(c.id()) : new AccountUnlocked(c.id())));
        c.attributes().filter(a -> !a.equals(s.attributes())).ifPresent(a -> events.add(new AccountLabelled(c.id(), a)));
        c.chap().filter(on -> on != s.chap()).ifPresent(on -> events.add(new ChapChanged(c.id(), on)));
        return events;
    }

    private static Decision<AccountEvent> missing(AccountCommand c) {
        return refuse(Refusal.ACCOUNT_DOES_NOT_EXIST, "account " + c.id() + " does not exist");
    }

    @Override public AccountState evolve(AccountState state, AccountEvent event) {
        return switch (event) {
            case AccountAdded e when state instanceof Absent   -> new Active(e.id(), e.username(), e.attributes(), false, true);
            case AccountLocked e when state instanceof Active s   -> new Active(s.id(), s.username(), s.attributes(), true, s.chap());
            case AccountUnlocked e when state instanceof Active s -> new Active(s.id(), s.username(), s.attributes(), false, s.chap());
            case AccountLabelled e when state instanceof Active s -> new Active(s.id(), s.username(), e.attributes(), s.locked(), s.chap());
            case ChapChanged e when state instanceof Active s     -> new Active(s.id(), s.username(), s.attributes(), s.locked(), e.enabled());
            case AccountRemoved e when state instanceof Active -> new Removed(e.id());
            case AccountAdded e    -> throw new CorruptHistoryException(state, e);
            case AccountLocked e   -> throw new CorruptHistoryException(state, e);
            case AccountUnlocked e -> throw new CorruptHistoryException(state, e);
            case AccountLabelled e -> throw new CorruptHistoryException(state, e);
            case ChapChanged e     -> throw new CorruptHistoryException(state, e);
            case AccountRemoved e  -> throw new CorruptHistoryException(state, e);
        };
    }
}
