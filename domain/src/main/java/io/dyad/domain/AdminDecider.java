package io.dyad.domain;

import static io.dyad.domain.Decision.append;
import static io.dyad.domain.Decision.nothing;
import static io.dyad.domain.Decision.refuse;

import io.dyad.domain.AdminCommand.AddAdmin;
import io.dyad.domain.AdminCommand.ChangePassword;
import io.dyad.domain.AdminCommand.ModifyAdmin;
import io.dyad.domain.AdminCommand.RemoveAdmin;
import io.dyad.domain.AdminEvent.AdminAccessChanged;
import io.dyad.domain.AdminEvent.AdminAdded;
import io.dyad.domain.AdminEvent.AdminLabelled;
import io.dyad.domain.AdminEvent.AdminRemoved;
import io.dyad.domain.AdminEvent.PasswordChanged;
import io.dyad.domain.AdminState.Absent;
import io.dyad.domain.AdminState.Active;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rules of a cluster admin (Element 12.x API: Add-, Modify-, RemoveClusterAdmin). That numbers and names are unique is the cluster's rule. */
public final class AdminDecider implements Decider<AdminState, AdminCommand, AdminEvent> {
    @Override public AdminState initial() { return new Absent(); }

    @Override public Decision<AdminEvent> decide(AdminState state, AdminCommand command) {
        return switch (state) {
            case Absent s -> whenAbsent(command);
            case Active s -> whenActive(s, command);
        };
    }

    private static Decision<AdminEvent> whenAbsent(AdminCommand command) {
        return switch (command) {
            case AddAdmin c when c.username().isEmpty() || c.username().length() > 64 -> refuse(Refusal.INVALID_PARAMETER, "user name is not of 1 to 64 characters");
            case AddAdmin c       -> append(new AdminAdded(c.username(), c.access()));
            case ChangePassword c -> missing(c);
            case ModifyAdmin c    -> missing(c);
            case RemoveAdmin c    -> missing(c);
        };
    }

    private static Decision<AdminEvent> whenActive(Active s, AdminCommand command) {
        return switch (command) {
            case AddAdmin c       -> nothing();
            case ChangePassword c -> append(new PasswordChanged(c.username()));
            case ModifyAdmin c    -> new Decision.Accepted<>(changes(s, c));
            case RemoveAdmin c    -> append(new AdminRemoved(c.username()));
        };
    }

    /** Only what differs, so that saying the same twice is no event. */
    private static List<AdminEvent> changes(Active s, ModifyAdmin c) {
        List<AdminEvent> events = new ArrayList<>();
        c.access().filter(a -> !a.equals(s.access())).ifPresent(a -> events.add(new AdminAccessChanged(c.username(), a)));
        c.attributes().filter(a -> !a.equals(s.attributes())).ifPresent(a -> events.add(new AdminLabelled(c.username(), a)));
        return events;
    }

    private static Decision<AdminEvent> missing(AdminCommand c) { return refuse(Refusal.ADMIN_DOES_NOT_EXIST, "no admin named " + c.username()); }

    @Override public AdminState evolve(AdminState state, AdminEvent event) {
        return switch (event) {
            case AdminAdded e when state instanceof Absent           -> new Active(e.username(), e.access(), Map.of());
            case PasswordChanged e when state instanceof Active      -> state;
            case AdminAccessChanged e when state instanceof Active s -> new Active(s.username(), e.access(), s.attributes());
            case AdminLabelled e when state instanceof Active s      -> new Active(s.username(), s.access(), e.attributes());
            case AdminRemoved e when state instanceof Active         -> new Absent();
            case AdminAdded e         -> throw new CorruptHistoryException(state, e);
            case PasswordChanged e    -> throw new CorruptHistoryException(state, e);
            case AdminAccessChanged e -> throw new CorruptHistoryException(state, e);
            case AdminLabelled e      -> throw new CorruptHistoryException(state, e);
            case AdminRemoved e       -> throw new CorruptHistoryException(state, e);
        };
    }
}
