package io.dyad.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The door: who may come in. Checking a password is slow on purpose, so a right one is remembered for a minute, in memory,
 * as a digest under a key of this process, until that admin changes. Each user name is checked one call at a time, after a failure with a growing
 * pause before the next; other names do not wait for it. Safe for any thread.
 */
final class Logins {
    static final long REMEMBERED_NS = TimeUnit.SECONDS.toNanos(60);
    static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long WAIT_SECONDS = 10;
    private static final int MAX_NAMES = 1024;
    private static final String DIGEST = "HmacSHA256";

    /** What a cluster knows: the access lists of a user name, when the password is right. */
    interface Passwords {
        Optional<Set<String>> access(String username, char[] password);
    }

    /** A user name and a password as HTTP Basic carries them (RFC 7617, UTF-8). Never shown. */
    record Credential(String username, String password) {
        private static final String SCHEME = "Basic ";

        static Optional<Credential> ofBasic(String header) {
            if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) return Optional.empty();
            try {
                String text = new String(Base64.getDecoder().decode(header.substring(SCHEME.length()).strip()), StandardCharsets.UTF_8);
                int colon = text.indexOf(':');
                return colon < 0 ? Optional.empty() : Optional.of(new Credential(text.substring(0, colon), text.substring(colon + 1)));
            } catch (IllegalArgumentException notBase64) {
                return Optional.empty();
            }
        }

        /** User names have no colon, so that no two credentials have the same bytes. */
        byte[] bytes() { return (username + ":" + password).getBytes(StandardCharsets.UTF_8); }

        @Override public String toString() { return "a credential"; }
    }

    sealed interface Verdict permits Known, Unknown, Busy { }

    record Known(Set<String> access) implements Verdict { }

    record Unknown() implements Verdict { }

    /** Too many are guessing at this name: nothing was checked. */
    record Busy() implements Verdict { }

    /** One user name's place at the door; what is not volatile is guarded by {@code turn}. */
    private static final class Place {
        final ReentrantLock turn = new ReentrantLock(true);
        volatile Optional<Remembered> remembered = Optional.empty();
        /** Raised by every change of the admin, so that what was being checked meanwhile is not remembered. */
        final AtomicInteger changes = new AtomicInteger();
        int failures;
        long notBeforeNs;
    }

    private record Remembered(byte[] digest, Set<String> access, long untilNs) { }

    private final Passwords passwords;
    private final LongSupplier nowNs;
    private final LongConsumer pauseNs;
    /** Copied for each digest, which is cheaper than finding one; never used itself. */
    private final Mac keyed;
    /** Passwords checked at once: each takes a processor for a while, and calls need some too. */
    private final Semaphore checks = new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);
    /** Bounded: the name not asked for longest is forgotten. */
    private final Map<String, Place> places = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<String, Place> eldest) { return size() > MAX_NAMES; }
    });

    Logins(Passwords passwords) { this(passwords, System::nanoTime, LockSupport::parkNanos); }

    Logins(Passwords passwords, LongSupplier nowNs, LongConsumer pauseNs) {
        this.passwords = passwords;
        this.nowNs = nowNs;
        this.pauseNs = pauseNs;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.keyed = keyed(secret);
    }

    private static Mac keyed(byte[] secret) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(new SecretKeySpec(secret, DIGEST));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + DIGEST, e);
        }
    }

    Verdict check(Credential credential) {
        Place place = places.computeIfAbsent(credential.username(), name -> new Place());
        byte[] digest = digest(credential);
        Optional<Verdict> known = remembered(place, digest);
        if (known.isPresent()) return known.get();
        try {
            if (!place.turn.tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) return new Busy();
            try {
                known = remembered(place, digest);                        // by whoever was before us
                return known.isPresent() ? known.get() : verify(place, credential, digest);
            } finally {
                place.turn.unlock();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return new Busy();
        }
    }

    private Optional<Verdict> remembered(Place place, byte[] digest) {
        return place.remembered.filter(r -> nowNs.getAsLong() - r.untilNs() < 0 && MessageDigest.isEqual(r.digest(), digest))
            .map(r -> new Known(r.access()));
    }

    /** The admin was added, changed or removed: what is remembered of the name is void. */
    void forget(String username) {
        Place place = places.get(username);
        if (place == null) return;
        place.changes.incrementAndGet();
        place.remembered = Optional.empty();
    }

    private Verdict verify(Place place, Credential credential, byte[] digest) throws InterruptedException {
        if (place.failures > 0) {
            for (long left; (left = place.notBeforeNs - nowNs.getAsLong()) > 0 && !Thread.currentThread().isInterrupted(); ) pauseNs.accept(left);
        }
        if (!checks.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) return new Busy();
        try {
            int changes = place.changes.get();
            return noted(place, digest, passwords.access(credential.username(), credential.password().toCharArray()), changes);
        } finally {
            checks.release();
        }
    }

    private Verdict noted(Place place, byte[] digest, Optional<Set<String>> access, int changes) {
        long now = nowNs.getAsLong();
        if (access.isEmpty()) {
            place.notBeforeNs = now + Math.min(FIRST_PAUSE_NS << Math.min(place.failures++, 20), LONGEST_PAUSE_NS);
            return new Unknown();
        }
        place.failures = 0;
        place.remembered = Optional.of(new Remembered(digest, access.get(), now + REMEMBERED_NS));
        if (place.changes.get() != changes) place.remembered = Optional.empty();
        return new Known(access.get());
    }

    private byte[] digest(Credential credential) {
        try {
            return ((Mac) keyed.clone()).doFinal(credential.bytes());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("a " + DIGEST + " of the JDK can be copied", e);
        }
    }
}
