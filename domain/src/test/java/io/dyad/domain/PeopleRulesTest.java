package io.dyad.domain;

import static io.dyad.domain.Given.given;
import static io.dyad.domain.Samples.ACCOUNT;
import static io.dyad.domain.Samples.letters;
import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.AccountCommand.AddAccount;
import io.dyad.domain.AccountCommand.RemoveAccount;
import io.dyad.domain.AccountEvent.AccountAdded;
import io.dyad.domain.AccountEvent.AccountRemoved;
import io.dyad.domain.AdminCommand.AddAdmin;
import io.dyad.domain.AdminCommand.ChangePassword;
import io.dyad.domain.AdminEvent.AdminAdded;
import io.dyad.domain.AdminEvent.PasswordChanged;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Accounts and cluster admins. */
class PeopleRulesTest {
    private static final Map<String, Object> NOTES = Map.of("owner", "lab");
    private static final Event ANN = new AccountAdded(ACCOUNT, "ann", NOTES);
    private static final Set<String> ALL = Set.of("administrator");

    @Test void an_account_keeps_its_name_and_attributes() {
        State after = Given.nothing().when(new AddAccount(ACCOUNT, "ann", NOTES)).then(ANN);

        assertThat(after).isEqualTo(new AccountState.Active(ACCOUNT, "ann", NOTES));
    }

    @Test void a_removed_account_does_not_come_back() {
        given(ANN).when(new RemoveAccount(ACCOUNT)).then(new AccountRemoved(ACCOUNT));
        given(ANN, new AccountRemoved(ACCOUNT)).when(new AddAccount(ACCOUNT, "ann", NOTES)).thenRefused(Refusal.ACCOUNT_DOES_NOT_EXIST);
    }

    @Test void an_admin_keeps_the_access_it_was_added_with() {
        State after = given(new AdminAdded("root", ALL)).when(new ChangePassword("root")).then(new PasswordChanged("root"));

        assertThat(after).isEqualTo(new AdminState.Active("root", ALL));
    }

    @Test void an_admin_name_has_1_to_64_characters() {
        Given.nothing().when(new AddAdmin("", ALL)).thenRefused(Refusal.INVALID_PARAMETER);
        Given.nothing().when(new AddAdmin(letters(65), ALL)).thenRefused(Refusal.INVALID_PARAMETER);
        Given.nothing().when(new AddAdmin(letters(64), ALL)).then(new AdminAdded(letters(64), ALL));
    }

    @Test void a_password_needs_an_admin() {
        Given.nothing().when(new ChangePassword("root")).thenRefused(Refusal.ADMIN_DOES_NOT_EXIST);
    }
}
