package io.dyad.testkit.kit;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Which certificate a self-signed cluster may show. */
public final class Trust {
    private final SSLContext context;

    private Trust(String fingerprint) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Pinned(fingerprint)}, new SecureRandom());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Only the certificate with this SHA-256, in hexadecimal with or without colons. */
    public static Trust pinned(String sha256) { return new Trust(sha256.replace(":", "").toLowerCase(java.util.Locale.ROOT)); }

    /** Any certificate: for clusters of one's own on one's own machine. */
    public static Trust anyone() { return new Trust(""); }

    SSLContext context() { return context; }

    /** An extended manager also skips the check of the host name, which a fingerprint makes needless. */
    private static final class Pinned extends X509ExtendedTrustManager {
        private final String fingerprint;

        Pinned(String fingerprint) { this.fingerprint = fingerprint; }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (fingerprint.isEmpty()) return;
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
                if (!HexFormat.of().formatHex(hash).equals(fingerprint)) throw new CertificateException("the certificate is another one");
            } catch (GeneralSecurityException e) {
                throw e instanceof CertificateException c ? c : new CertificateException(e);
            }
        }

        @Override public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException { check(chain); }

        @Override public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException { check(chain); }

        @Override public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException { check(chain); }

        @Override public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException { check(chain); }

        @Override public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException { check(chain); }

        @Override public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException { check(chain); }

        @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    }
}
