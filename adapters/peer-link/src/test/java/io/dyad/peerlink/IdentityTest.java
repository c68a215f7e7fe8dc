package io.dyad.peerlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    @TempDir Path dir;

    @Test void itIsMadeOnceAndTheSameEverAfter() throws IOException {
        Identity made = Identity.openOrCreate(dir, "AutoTest, \"2\"", List.of("127.0.0.1", "::1", "localhost"));
        assertThat(Identity.openOrCreate(dir, "other", List.of()).fingerprint()).isEqualTo(made.fingerprint());
        assertThat(made.derive("x")).isEqualTo(Identity.openOrCreate(dir, "other", List.of()).derive("x")).isNotEqualTo(made.derive("y"));
    }

    @Test void theCertificateNamesTheAddressesAndLastsTenYears() throws Exception {
        Identity identity = Identity.openOrCreate(dir, "East", List.of("127.0.0.1", "localhost"));
        assertThat(identity.certificate().getSubjectAlternativeNames()).containsExactlyInAnyOrder(List.of(7, "127.0.0.1"), List.of(2, "localhost"));
        assertThat(identity.certificate().getNotAfter().toInstant()).isAfter(java.time.Instant.now().plus(java.time.Duration.ofDays(3650)));
        identity.certificate().verify(identity.certificate().getPublicKey());
        assertThat(identity.fingerprint())
            .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(identity.certificate().getEncoded())));
    }

    @Test void theKeyIsForTheOwnerAlone() throws IOException {
        Identity.openOrCreate(dir, "East", List.of());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("identity.pem")))).isEqualTo("rw-------");
    }

    @Test void aDamagedFileIsNamedAndNotReplaced() throws IOException {
        Path file = Files.writeString(dir.resolve("identity.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> Identity.openOrCreate(dir, "East", List.of())).isInstanceOf(IOException.class).hasMessageContaining("identity.pem");
        assertThat(file).content().contains("AAAA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void itServesOldAndNewClients(String protocol) throws Exception {
        Identity identity = Identity.openOrCreate(dir, "East", List.of("127.0.0.1"));
        try (SSLServerSocket server = (SSLServerSocket) identity.serverContext().getServerSocketFactory()
                 .createServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> {
                try (SSLSocket accepted = (SSLSocket) server.accept()) {
                    accepted.getOutputStream().write(7);
                } catch (IOException e) {
                    // the client then reads nothing
                }
            });
            javax.net.ssl.SSLContext client = javax.net.ssl.SSLContext.getInstance("TLS");
            java.security.KeyStore trusted = java.security.KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("east", identity.certificate());
            javax.net.ssl.TrustManagerFactory trust = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            client.init(null, trust.getTrustManagers(), null);
            try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", server.getLocalPort())) {
                socket.setEnabledProtocols(new String[] {protocol});
                assertThat(socket.getInputStream().read()).isEqualTo(7);
                assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            }
        }
    }
}
