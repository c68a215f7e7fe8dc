package io.dyad.peerlink;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A cluster's certificate and private key (EC P-256), made once and kept for good: peers pin its fingerprint.
 * It serves the API endpoint, the block export and the peer link alike.
 */
public final class Identity {
    private static final Duration VALIDITY = Duration.ofDays(3653);
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]+)-----END \\1-----");

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final String fingerprint;

    private Identity(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        this.key = key;
        this.certificate = certificate;
        this.fingerprint = fingerprint(certificate);
    }

    /**
     * Reads {@code dir/identity.pem}, or makes it at first start, durable before it is returned. The name and the addresses
     * (IP literals or host names) go into a new certificate only.
     */
    public static Identity openOrCreate(Path dir, String clusterName, List<String> addresses) throws IOException {
        PrivateFile.createDirectories(dir);
        Path file = dir.resolve("identity.pem");
        try {
            if (Files.notExists(file)) PrivateFile.replace(file, generate(clusterName, addresses));
            return parse(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException | OperatorCreationException | IllegalArgumentException e) {
            throw new IOException("no usable identity in " + file, e);
        }
    }

    /** Lower-case hex SHA-256 of the certificate's DER. */
    public String fingerprint() { return fingerprint; }

    public X509Certificate certificate() { return certificate; }

    /** For HTTPS and NBD: TLS 1.2 and 1.3, no client certificate. */
    public SSLContext serverContext() { return context("TLS", new TrustManager[0]); }

    /**
     * For the link: both ends show a certificate and TLS proves that they hold its key. Which certificate it has to be is
     * checked by who dials or accepts, before a byte of ours crosses.
     */
    SSLContext linkContext() { return context("TLSv1.3", new TrustManager[] {new AnyOne()}); }

    /** A secret of this identity alone, the same after a restart. */
    byte[] derive(String purpose) { return Digests.hmac(Digests.sha256(key.getEncoded()), Digests.utf8(purpose)); }

    static String fingerprint(Certificate certificate) throws CertificateException { return Digests.hex(Digests.sha256(certificate.getEncoded())); }

    private SSLContext context(String protocol, TrustManager[] trust) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("identity", key, new char[0], new Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance(protocol);
            KeyManager[] own = keys.getKeyManagers();
            context.init(own, trust, new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java runtime lacks " + protocol, e);
        }
    }

    private static byte[] generate(String clusterName, List<String> addresses) throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, clusterName).build();
        Instant from = Instant.now().minus(Duration.ofDays(1));
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, new BigInteger(127, new SecureRandom()),
            Date.from(from), Date.from(from.plus(VALIDITY)), name, pair.getPublic());
        GeneralName[] names = addresses.stream().map(Identity::subject).toArray(GeneralName[]::new);
        if (names.length > 0) builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        X509Certificate certificate = new JcaX509CertificateConverter()
            .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        return (pem("PRIVATE KEY", pair.getPrivate().getEncoded()) + pem("CERTIFICATE", certificate.getEncoded())).getBytes(StandardCharsets.US_ASCII);
    }

    private static GeneralName subject(String address) {
        boolean literal = address.indexOf(':') >= 0 || address.matches("[0-9]+(\\.[0-9]+){3}");
        return new GeneralName(literal ? GeneralName.iPAddress : GeneralName.dNSName, address);
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static Identity parse(String pem) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY")));
        Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block(pem, "CERTIFICATE")));
        return new Identity(key, (X509Certificate) certificate);
    }

    private static byte[] block(String pem, String label) {
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) if (blocks.group(1).equals(label)) return Base64.getMimeDecoder().decode(blocks.group(2));
        throw new IllegalArgumentException("no " + label);
    }

    /** Accepts every single certificate: there is no authority to ask, the pin decides. */
    private static final class AnyOne extends X509ExtendedTrustManager {
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException { one(chain); }
        @Override public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException { one(chain); }
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException { one(chain); }
        @Override public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException { one(chain); }
        @Override public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException { one(chain); }
        @Override public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException { one(chain); }
        @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }

        private static void one(X509Certificate[] chain) throws CertificateException {
            if (chain.length != 1) throw new CertificateException("a cluster shows one certificate, not " + chain.length);
        }
    }
}
