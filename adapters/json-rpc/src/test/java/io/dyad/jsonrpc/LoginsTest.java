package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.jsonrpc.Logins.Credential;
import io.dyad.jsonrpc.Logins.Known;
import io.dyad.jsonrpc.Logins.Unknown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class LoginsTest {
    private static final Executor THREADS = Thread::startVirtualThread;
    private static final Set<String> ACCESS = Set.of("read");
    private static final Credential RIGHT = new Credential("ann", "right");
    private static final Credential WRONG = new Credential("ann", "wrong");

    private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<Long> pausesNs = new ArrayList<>();
    private final List<String> checked = new ArrayList<>();
    private String password = "right";
    private final Logins logins = new Logins((name, said) -> {
        checked.add(name);
        return Optional.of(ACCESS).filter(a -> name.equals("ann") && new String(said).equals(password));
    }, nowNs::get, pause -> {
        pausesNs.add(pause);
        nowNs.addAndGet(pause);
    });

    @Test void a_right_password_is_checked_once_a_minute() {
        assertThat(logins.check(RIGHT)).isEqualTo(new Known(ACCESS));
        nowNs.addAndGet(Logins.REMEMBERED_NS - 1);
        assertThat(logins.check(RIGHT)).isEqualTo(new Known(ACCESS));
        assertThat(checked).hasSize(1);
        nowNs.addAndGet(1);
        assertThat(logins.check(RIGHT)).isEqualTo(new Known(ACCESS));
        assertThat(checked).hasSize(2);
    }

    @Test void a_wrong_password_does_not_profit_from_a_right_one() {
        logins.check(RIGHT);
        assertThat(logins.check(WRONG)).isEqualTo(new Unknown());
        assertThat(logins.check(new Credential("ann", "righ"))).isEqualTo(new Unknown());
        assertThat(logins.check(new Credential("bob", "right"))).isEqualTo(new Unknown());
    }

    @Test void a_changed_password_counts_after_a_minute_at_the_latest() {
        logins.check(RIGHT);
        password = "new";
        nowNs.addAndGet(Logins.REMEMBERED_NS);
        assertThat(logins.check(RIGHT)).isEqualTo(new Unknown());
    }

    @Test void what_is_remembered_of_an_admin_who_changed_is_void_at_once_and_of_another_stays() {
        logins.check(RIGHT);
        logins.forget("bob");
        assertThat(logins.check(RIGHT)).isEqualTo(new Known(ACCESS));
        assertThat(checked).hasSize(1);
        password = "new";
        logins.forget("ann");
        assertThat(logins.check(RIGHT)).isEqualTo(new Unknown());
        assertThat(checked).hasSize(2);
    }

    @Test void what_was_being_checked_while_the_admin_changed_is_not_remembered() {
        var self = new AtomicReference<Logins>();
        var asked = new AtomicInteger();
        self.set(new Logins((name, said) -> {
            if (asked.incrementAndGet() == 1) self.get().forget(name);
            return Optional.of(ACCESS);
        }, nowNs::get, nowNs::addAndGet));
        for (int i = 0; i < 3; i++) self.get().check(RIGHT);
        assertThat(asked).hasValue(2);
    }

    @Test void failures_are_followed_by_growing_pauses_up_to_a_bound() {
        for (int i = 0; i < 40; i++) logins.check(WRONG);
        assertThat(pausesNs.subList(0, 4)).containsExactly(Logins.FIRST_PAUSE_NS, 2 * Logins.FIRST_PAUSE_NS, 4 * Logins.FIRST_PAUSE_NS, 8 * Logins.FIRST_PAUSE_NS);
        assertThat(pausesNs).hasSize(39).last().isEqualTo(Logins.LONGEST_PAUSE_NS);
    }

    @Test void a_success_ends_the_pauses() {
        logins.check(WRONG);
        logins.check(RIGHT);
        pausesNs.clear();
        logins.check(WRONG);
        assertThat(pausesNs).isEmpty();
    }

    @Test void a_remembered_login_does_not_wait_for_guesses_at_its_name() {
        logins.check(RIGHT);
        logins.check(WRONG);
        assertThat(logins.check(RIGHT)).isEqualTo(new Known(ACCESS));
        assertThat(pausesNs).isEmpty();
    }

    @Test void guesses_at_one_name_do_not_block_another() throws Exception {
        var pausing = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var slow = new Logins((name, said) -> Optional.of(ACCESS).filter(a -> name.equals("bob")), nowNs::get, pause -> {
            pausing.countDown();
            awaitQuietly(go);
            nowNs.addAndGet(pause);
        });
        slow.check(WRONG);
        var guess = CompletableFuture.supplyAsync(() -> slow.check(WRONG), THREADS);
        assertThat(pausing.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(CompletableFuture.supplyAsync(() -> slow.check(new Credential("bob", "any")), THREADS).get(10, TimeUnit.SECONDS)).isEqualTo(new Known(ACCESS));
        assertThat(guess).isNotDone();
        go.countDown();
        assertThat(guess.get(20, TimeUnit.SECONDS)).isEqualTo(new Unknown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YW5uOnI6aQ==", "basic  YW5uOnI6aQ==", "BASIC YW5uOnI6aQ== "})
    void the_first_colon_parts_name_and_password(String header) {
        assertThat(Credential.ofBasic(header)).hasValue(new Credential("ann", "r:i"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic ", "Basic !!!", "Basic YW5u", "Bearer YW5uOnI6aQ=="})
    void another_header_is_no_credential(String header) {
        assertThat(Credential.ofBasic(header)).isEmpty();
    }

    @Test void a_credential_is_not_shown() {
        assertThat(RIGHT.toString()).doesNotContain("right", "ann");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) throw new IllegalStateException("waited in vain");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
