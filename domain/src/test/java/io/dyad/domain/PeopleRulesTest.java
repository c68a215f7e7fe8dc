package io.dyad.domain;

import static io.dyad.domain.Given.given;
import static io.dyad.domain.Samples.ACCOUNT;
import static io.dyad.domain.Samples.letters;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.AccountCommand.AddAccount;
import io.dyad.domain.AccountCommand.ModifyAccount;
import io.dyad.domain.AccountCommand.RemoveAccount;
import io.dyad.domain.AccountEvent.AccountAdded;
import io.dyad.domain.AccountEvent.AccountLabelled;
import io.dyad.domain.AccountEvent.AccountLocked;
import io.dyad.domain.AccountEvent.AccountRemoved;
import io.dyad.domain.AccountEvent.AccountUnlocked;
import io.dyad.domain.AccountEvent.ChapChanged;
import io.dyad.domain.AdminCommand.AddAdmin;
import io.dyad.domain.AdminCommand.ChangePassword;
import io.dyad.domain.AdminCommand.ModifyAdmin;
import io.dyad.domain.AdminEvent.AdminAccessChanged;
import io.dyad.domain.AdminEvent.AdminAdded;
import io.dyad.domain.AdminEvent.AdminLabelled;
import io.dyad.domain.AdminEvent.AdminRemoved;
import io.dyad.domain.AdminEvent.PasswordChanged;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Accounts and cluster admins. */
class PeopleRulesTest {
    private static final Map<String, Object> NOTES = Map.of("owner", "lab");
    private static final Event ANN = new AccountAdded(ACCOUNT, "ann", NOTES);
    private static final Set<String> ALL = Set.of("administrator");

    @Test void an_account_keeps_its_name_and_attributes() {
        State after = Given.nothing().when(new AddAccount(ACCOUNT, "ann", NOTES)).then(ANN);

        assertThat(after).isEqualTo(new AccountState.Active(ACCOUNT, "ann", NOTES, false, true));
    }

    @Test void a_removed_account_does_not_come_back() {
        given(ANN).when(new RemoveAccount(ACCOUNT)).then(new AccountRemoved(ACCOUNT));
        given(ANN, new AccountRemoved(ACCOUNT)).when(new AddAccount(ACCOUNT, "ann", NOTES)).thenRefused(Refusal.ACCOUNT_DOES_NOT_EXIST);
    }

    @Test void an_admin_keeps_the_access_it_was_added_with() {
        State after = given(new AdminAdded("root", ALL)).when(new ChangePassword("root")).then(new PasswordChanged("root"));

        assertThat(after).isEqualTo(new AdminState.Active("root", ALL, Map.of()));
    }

    @Test void an_admin_name_has_1_to_64_characters() {
        Given.nothing().when(new AddAdmin("", ALL)).thenRefused(Refusal.INVALID_PARAMETER);
        Given.nothing().when(new AddAdmin(letters(65), ALL)).thenRefused(Refusal.INVALID_PARAMETER);
        Given.nothing().when(new AddAdmin(letters(64), ALL)).then(new AdminAdded(letters(64), ALL));
    }

    @Test void a_password_needs_an_admin() {
        Given.nothing().when(new ChangePassword("root")).thenRefused(Refusal.ADMIN_DOES_NOT_EXIST);
    }

    @Test void an_account_is_locked_unlocked_and_loses_chap_and_each_is_told_once() {
        State after = given(ANN).when(new ModifyAccount(ACCOUNT, Optional.of(true), Optional.of(Map.of()), Optional.of(false)))
            .then(new AccountLocked(ACCOUNT), new AccountLabelled(ACCOUNT, Map.of()), new ChapChanged(ACCOUNT, false));

        assertThat(after).isEqualTo(new AccountState.Active(ACCOUNT, "ann", Map.of(), true, false));
        given(ANN, new AccountLocked(ACCOUNT)).when(new ModifyAccount(ACCOUNT, Optional.of(true), Optional.of(NOTES), Optional.of(true))).then();
        given(ANN, new AccountLocked(ACCOUNT)).when(new ModifyAccount(ACCOUNT, Optional.of(false), Optional.empty(), Optional.empty()))
            .then(new AccountUnlocked(ACCOUNT));
    }

    @Test void an_admin_may_be_allowed_less_and_removed_and_added_anew() {
        Event root = new AdminAdded("root", ALL);

        given(root).when(new ModifyAdmin("root", Optional.of(Set.of("read")), Optional.of(NOTES)))
            .then(new AdminAccessChanged("root", Set.of("read")), new AdminLabelled("root", NOTES));
        given(root, new AdminLabelled("root", NOTES), new AdminRemoved("root")).when(new AddAdmin("root", Set.of("read"))).then(new AdminAdded("root", Set.of("read")));
    }
}
