package io.dyad.peerlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage;
import io.dyad.replication.pairing.PeerNetwork.Credential;
import io.dyad.replication.pairing.PeerNetwork.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PairingTest {
    @TempDir Path dir;
    private Cluster starter;
    private Cluster completer;
    private Cluster thief;
    private final UUID pair = UUID.randomUUID();

    @BeforeEach void open() throws IOException {
        starter = new Cluster(dir, "starter", s -> s);
        completer = new Cluster(dir, "completer", s -> s.allowUnpinnedKeys(true));
        thief = new Cluster(dir, "thief", s -> s);
    }

    @AfterEach void close() { List.of(starter, completer, thief).forEach(Cluster::close); }

    @Test void aCredentialHasTheVendorsShape() {
        Credential credential = starter.network().offer(pair);
        assertThat(credential.username()).matches("__SF_pair_[A-Za-z0-9]{16}");
        assertThat(credential.password()).matches("[ -~]{16}");
        assertThat(credential.rpcConnectionId()).isPositive();
        assertThat(credential.certificateFingerprint()).isEqualTo(starter.identity.fingerprint());
        assertThat(credential.toString()).doesNotContain(credential.password());
    }

    @Test void theHolderOfTheKeyJoinsAndIsIntroduced() throws LinkDownException {
        assertThat(completer.complete(Cluster.offer(pair, starter.network().offer(pair))))
            .isEqualTo(new PeerMessage.Joined(starter.introduction(pair)));
        assertThat(Cluster.next(starter.introductions).completer()).isEqualTo(completer.introduction(pair));
    }

    @Test void anUnpinnedKeyJoinsOnlyWhereItIsAllowed() throws LinkDownException {
        Credential c = starter.network().offer(pair);
        Offer unpinned = new Offer(pair, c.link(), c.username(), c.password(), "");
        assertInvalid(thief.complete(unpinned));
        assertThat(completer.complete(unpinned)).isInstanceOf(PeerMessage.Joined.class);
    }

    @Test void anAlteredCredentialGetsNothing() throws LinkDownException {
        Credential c = starter.network().offer(pair);
        assertInvalid(completer.complete(new Offer(pair, c.link(), c.username(), changed(c.password()), c.certificateFingerprint())));
        assertInvalid(completer.complete(new Offer(pair, c.link(), changed(c.username()), c.password(), c.certificateFingerprint())));
        assertInvalid(completer.complete(new Offer(pair, c.link(), c.username(), c.password(), changed(c.certificateFingerprint()))));
        assertThat(starter.introductions).isEmpty();
    }

    @Test void aWrongUserAndAWrongPasswordAreRefusedAlike() throws LinkDownException {
        Credential c = starter.network().offer(pair);
        assertThat(completer.complete(new Offer(pair, c.link(), c.username(), changed(c.password()), c.certificateFingerprint())))
            .isEqualTo(completer.complete(new Offer(pair, c.link(), changed(c.username()), c.password(), c.certificateFingerprint())));
    }

    @Test void afterThreeWrongProofsEvenTheRightOneWaits() throws LinkDownException {
        Credential c = starter.network().offer(pair);
        for (int i = 0; i < 3; i++)
            assertInvalid(thief.complete(new Offer(pair, c.link(), c.username(), changed(c.password()), c.certificateFingerprint())));
        assertInvalid(completer.complete(Cluster.offer(pair, c)));
    }

    @Test void aStolenKeyGetsNothingOnceAnotherHasUsedIt() throws LinkDownException {
        Offer offer = Cluster.offer(pair, starter.network().offer(pair));
        assertThat(completer.complete(offer)).isInstanceOf(PeerMessage.Joined.class);
        assertInvalid(thief.complete(offer));
        assertThat(starter.introductions).hasSize(1);
    }

    @Test void theSameCompleterIsAnsweredAgainAlsoAfterBothRestarted() throws IOException {
        Offer offer = Cluster.offer(pair, starter.network().offer(pair));
        PeerMessage first = completer.complete(offer);
        starter.restart();
        completer.restart();
        assertThat(completer.complete(offer)).isEqualTo(first);
        assertInvalid(thief.complete(offer));
    }

    @Test void anAnswerLostAfterTheStarterStoredItIsRepaired() throws IOException {
        Offer offer = Cluster.offer(pair, starter.network().offer(pair));
        starter.introducing = join -> {
            completer.network().close();              // the completer dies while the starter is about to bind and answer
            return new PeerMessage.Joined(starter.introduction(pair));
        };
        try {
            completer.complete(offer);                // its answer may still have been on the way
        } catch (LinkDownException expected) {
            // the usual end
        }
        Cluster.eventually(() -> secretsOf(starter).contains(completer.identity.fingerprint()), "bound to the completer");
        Files.deleteIfExists(completer.secretsDir.resolve(pair + ".json"));
        completer.restart();
        starter.introducing = join -> new PeerMessage.Joined(starter.introduction(pair));
        assertThat(completer.complete(offer)).isInstanceOf(PeerMessage.Joined.class);
        starter.network().keep(pair, completer.network().link(), false);
        completer.network().keep(pair, starter.network().link(), true);
        starter.awaitLink(true);
        completer.awaitLink(true);
    }

    @Test void aKeyIsUsedUpAtTheFirstLogin() throws LinkDownException {
        Offer offer = Cluster.offer(pair, starter.network().offer(pair));
        completer.complete(offer);
        assertThat(secretsOf(starter)).contains("verifier");
        starter.network().keep(pair, completer.network().link(), false);
        completer.network().keep(pair, starter.network().link(), true);
        starter.awaitLink(true);
        assertThat(secretsOf(starter)).doesNotContain("verifier");
        assertInvalid(completer.complete(offer));
    }

    @Test void aRefusedIntroductionLeavesTheKeyUsable() throws LinkDownException {
        Offer offer = Cluster.offer(pair, starter.network().offer(pair));
        starter.introducing = join -> new PeerMessage.Refused("PAIRING_ALREADY_EXISTS", "no");
        assertThat(thief.complete(offer)).isEqualTo(new PeerMessage.Refused("PAIRING_ALREADY_EXISTS", "no"));
        starter.introducing = join -> new PeerMessage.Joined(starter.introduction(pair));
        assertThat(completer.complete(offer)).isInstanceOf(PeerMessage.Joined.class);
    }

    @Test void aForgottenOfferIsRefused() throws LinkDownException {
        Offer offer = Cluster.offer(pair, starter.network().offer(pair));
        starter.network().forget(pair);
        assertInvalid(completer.complete(offer));
        assertThat(secretsOf(starter)).isEmpty();
    }

    @Test void anUnreachableStarterIsNoRefusal() {
        Offer offer = Cluster.offer(pair, starter.network().offer(pair));
        starter.close();
        assertThatThrownBy(() -> completer.complete(offer)).isInstanceOf(LinkDownException.class);
    }

    @ParameterizedTest
    @EnumSource(Pin.class)
    void aProxyInBetweenCannotPair(Pin pin) throws IOException {
        Credential c = starter.network().offer(pair);
        try (TlsProxy proxy = new TlsProxy(Identity.openOrCreate(dir.resolve("proxy"), "starter", List.of()), c.link())) {
            assertInvalid(completer.complete(new Offer(pair, proxy.link(), c.username(), c.password(), pin == Pin.PINNED ? c.certificateFingerprint() : "")));
            assertThat(proxy.forwarded()).isEqualTo(pin == Pin.UNPINNED);
        }
        assertThat(starter.introductions).isEmpty();
        assertThat(completer.complete(Cluster.offer(pair, c))).isInstanceOf(PeerMessage.Joined.class);
    }

    @Test void secretsAreForTheOwnerAloneAndHoldNoPassword() throws IOException {
        Credential c = starter.network().offer(pair);
        completer.complete(Cluster.offer(pair, c));
        try (Stream<Path> files = Files.walk(dir)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSize(5);
            for (Path file : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
                assertThat(Files.readString(file)).doesNotContain(c.password());
            }
        }
    }

    private enum Pin { PINNED, UNPINNED }

    private String secretsOf(Cluster cluster) {
        try {
            Path file = cluster.secretsDir.resolve(pair + ".json");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertInvalid(PeerMessage answer) {
        assertThat(answer).isInstanceOfSatisfying(PeerMessage.Refused.class, refused -> assertThat(refused.refusal()).isEqualTo("INVALID_KEY"));
    }

    private static String changed(String text) { return text.substring(0, 15) + (text.charAt(15) == 'a' ? 'b' : 'a') + text.substring(16); }
}
