package io.dyad.cli.demo;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trust in the one certificate whose SHA-256 is known (lower-case hex), whatever names it carries. */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final String fingerprint;

    private PinnedTrust(String fingerprint) { this.fingerprint = fingerprint; }

    static SSLContext context(String fingerprint) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new PinnedTrust(fingerprint)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks TLS", e);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        try {
            String shown = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
            if (!shown.equals(fingerprint)) throw new CertificateException("the server shows certificate " + shown + " instead of " + fingerprint);
        } catch (GeneralSecurityException e) {
            throw e instanceof CertificateException c ? c : new CertificateException(e);
        }
    }

    @Override public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException { check(chain); }

    @Override public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException { check(chain); }

    @Override public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException { check(chain); }

    @Override public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException { refuse(); }

    @Override public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException { refuse(); }

    @Override public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException { refuse(); }

    private static void refuse() throws CertificateException { throw new CertificateException("no client is expected here"); }

    @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
}
