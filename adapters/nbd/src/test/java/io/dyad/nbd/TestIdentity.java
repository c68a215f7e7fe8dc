package io.dyad.nbd;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for localhost made by the JDK's keytool, and a context that holds and trusts it; also as {@code ca-cert.pem}. */
record TestIdentity(SSLContext context) {
    static TestIdentity make(Path dir) throws Exception {
        String store = dir.resolve("identity.p12").toString();
        keytool("-genkeypair", "-alias", "nbd", "-keyalg", "EC", "-dname", "CN=localhost", "-validity", "2", "-ext",
                "san=dns:localhost,ip:127.0.0.1", "-ext", "bc:c", "-storetype", "PKCS12", "-keystore", store);
        keytool("-exportcert", "-rfc", "-alias", "nbd", "-keystore", store, "-file", dir.resolve("ca-cert.pem").toString());
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(store))) {
            keys.load(in, "secret".toCharArray());
        }
        var own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, "secret".toCharArray());
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("nbd", keys.getCertificate("nbd"));
        var peers = TrustManagerFactory.getInstance("PKIX");
        peers.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), peers.getTrustManagers(), null);
        return new TestIdentity(context);
    }

    private static void keytool(String... arguments) throws Exception {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(java.util.List.of(arguments));
        command.addAll(java.util.List.of("-storepass", "secret"));
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) throw new IllegalStateException("keytool ended with " + exit);
    }
}
