package io.dyad.cli.operate;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trust in certificates by what they are, whatever names they carry: in those whose SHA-256 is known (lower-case hex), or in any. */
public final class Trust extends X509ExtendedTrustManager {
    private final Set<String> fingerprints;
    private final boolean any;

    private Trust(Set<String> fingerprints, boolean any) {
        this.fingerprints = Set.copyOf(fingerprints);
        this.any = any;
    }

    public static SSLContext in(Set<String> fingerprints) { return context(new Trust(fingerprints, false)); }

    public static SSLContext inAny() { return context(new Trust(Set.of(), true)); }

    private static SSLContext context(Trust trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks TLS", e);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (any) return;
        try {
            String shown = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded()));
            if (!fingerprints.contains(shown)) throw new CertificateException("the server shows certificate " + shown + " instead of " + String.join(" or ", fingerprints));
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
