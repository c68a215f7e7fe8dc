package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;

import io.dyad.domain.AdminCommand.AddAdmin;
import io.dyad.domain.AdminCommand.ChangePassword;
import io.dyad.domain.AdminEvent.AdminAdded;
import io.dyad.domain.AdminEvent.PasswordChanged;
import io.dyad.domain.AdminState.Absent;
import io.dyad.domain.AdminState.Active;

/** The rules of a cluster admin. */
public final class AdminDecider implements Decider<AdminState, AdminCommand, AdminEvent> {
    @Override public AdminState initial() { return new Absent(); }

    @Override public Decision<AdminEvent> decide(AdminState state, AdminCommand command) {
        return switch (state) {
            case Absent s -> whenAbsent(command);
            case Active s -> whenActive(command);
        };
    }

    private static Decision<AdminEvent> whenAbsent(AdminCommand command) {
        return switch (command) {
            case AddAdmin c when c.username().isEmpty() || c.username().length() > 64 -> refuse(Refusal.INVALID_PARAMETER, "user name is not of 1 to 64 characters");
            case AddAdmin c       -> append(new AdminAdded(c.username(), c.access()));
            case ChangePassword c -> refuse(Refusal.ADMIN_DOES_NOT_EXIST, "no admin named " + c.username());
        };
    }

    private static Decision<AdminEvent> whenActive(AdminCommand command) {
        return switch (command) {
            case AddAdmin c       -> nothing();
            case ChangePassword c -> append(new PasswordChanged(c.username()));
        };
    }

    @Override public AdminState evolve(AdminState state, AdminEvent event) {
        return switch (event) {
            case AdminAdded e when state instanceof Absent      -> new Active(e.username(), e.access());
            case PasswordChanged e when state instanceof Active -> state;
            case AdminAdded e      -> throw new CorruptHistoryException(state, e);
            case PasswordChanged e -> throw new CorruptHistoryException(state, e);
        };
    }
}
