package io.dyad.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordsTest {
    /** 210,000 iterations, as hashes were made before; computed by another implementation of PBKDF2. */
    private static final String OLD = "210000:0123456789abcdef0123456789abcdef:774b95b46bb705e508e02c3eba03753e52d6f034152bf3bd79b87a992ecfd915";

    @Test void a_hash_is_checked_by_its_own_count() {
        assertThat(Passwords.matches("right".toCharArray(), OLD)).isTrue();
        assertThat(Passwords.matches("wrong".toCharArray(), OLD)).isFalse();
        String own = Passwords.hash("right".toCharArray());
        assertThat(Passwords.matches("right".toCharArray(), own)).isTrue();
        assertThat(Passwords.matches("Right".toCharArray(), own)).isFalse();
        assertThat(Passwords.hash("right".toCharArray())).as("salted").isNotEqualTo(own);
    }

    @Test void a_hash_of_fewer_iterations_than_now_is_weaker_and_one_of_as_many_is_not() {
        String own = Passwords.hash("right".toCharArray());
        int count = Integer.parseInt(own.substring(0, own.indexOf(':')));
        assertThat(Passwords.isWeaker(own)).isFalse();
        assertThat(Passwords.isWeaker(own.replaceFirst("^\\d+", String.valueOf(count - 1)))).isTrue();
    }
}
