package io.dyad.cli.operate;

import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Option;

/** Which certificates a command accepts. On loopback any: who can answer there has the machine anyway. */
public final class TrustOptions {
    @Option(names = "--fingerprint", paramLabel = "HEX", description = "Accept the certificate with this SHA-256 and no other; once for each server. openssl x509 -fingerprint -sha256 shows it.")
    private List<String> fingerprints = List.of();

    @Option(names = "--insecure", description = "Accept any certificate. Without --fingerprint this is so on loopback only; elsewhere the system's authorities decide.")
    private boolean insecure;

    SSLContext contextFor(boolean loopback) {
        if (!fingerprints.isEmpty()) return Trust.in(normal());
        if (insecure || loopback) return Trust.inAny();
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks TLS", e);
        }
    }

    public SSLContext contextFor(InetSocketAddress server) { return contextFor(server.getAddress() != null && server.getAddress().isLoopbackAddress()); }

    private Set<String> normal() {
        Set<String> normal = new LinkedHashSet<>();
        for (String each : fingerprints) normal.add(each.replace(":", "").toLowerCase(Locale.ROOT));
        return normal;
    }
}
