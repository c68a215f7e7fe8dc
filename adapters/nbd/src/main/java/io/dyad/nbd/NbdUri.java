package io.dyad.nbd;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

/** Where an export is: {@code nbd://HOST[:PORT]/EXPORT}, or {@code nbds://} where the connection starts TLS. The port is 10809 by default. */
public record NbdUri(InetSocketAddress address, String export, boolean tls) {
    private static final int DEFAULT_PORT = 10809;

    /** Throws {@link IllegalArgumentException} with what is wrong. */
    public static NbdUri of(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(text + " is no URI: " + e.getReason(), e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        if (!scheme.equals("nbd") && !scheme.equals("nbds")) throw new IllegalArgumentException(text + " begins neither with nbd:// nor with nbds://");
        if (uri.getHost() == null) throw new IllegalArgumentException(text + " names no host");
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (path.length() < 2) throw new IllegalArgumentException(text + " names no export: the volume's number stands behind the address");
        InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
        if (address.isUnresolved()) throw new IllegalArgumentException("there is no host " + uri.getHost());
        return new NbdUri(address, path.substring(1), scheme.equals("nbds"));
    }

    /** A volume of a server, in clear. */
    public static NbdUri of(InetSocketAddress address, long volume) { return new NbdUri(address, Long.toString(volume), false); }

    @Override public String toString() {
        return (tls ? "nbds://" : "nbd://") + address.getAddress().getHostAddress() + ":" + address.getPort() + "/" + export;
    }
}
