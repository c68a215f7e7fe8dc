package io.dyad.cli.operate;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The two clusters of a pair, and as whom to speak to them. */
final class PairOptions {
    private static final int API_PORT = 443;

    @Option(names = "--a", required = true, paramLabel = "URL", description = "One cluster: https://HOST[:PORT]")
    private String a;

    @Option(names = "--b", required = true, paramLabel = "URL", description = "The other cluster.")
    private String b;

    @Option(names = "--volume", required = true, paramLabel = "N", description = "The volume's number on a; its peer on b is found by the pair.")
    private long volume;

    @Option(names = "--admin", paramLabel = "USER[:PASSWORD]", description = "The administrator of both. Others on this machine see what is typed here: a file, the environment or the question keeps it secret.")
    private @Nullable String admin;

    @Option(names = "--admin-file", paramLabel = "FILE", description = "Its first line is USER:PASSWORD for both clusters.")
    private @Nullable Path adminFile;

    @Option(names = "--admin-file-a", paramLabel = "FILE", description = "The same for a alone.")
    private @Nullable Path adminFileA;

    @Option(names = "--admin-file-b", paramLabel = "FILE", description = "The same for b alone.")
    private @Nullable Path adminFileB;

    @Mixin private TrustOptions trust;

    @SuppressWarnings("NullAway.Init") PairOptions() { }

    long volume() { return volume; }

    /** Throws {@link IllegalArgumentException} in words. */
    ApiClient a() { return client("--a", a, adminFileA, "DYAD_ADMIN_A"); }

    ApiClient b() { return client("--b", b, adminFileB, "DYAD_ADMIN_B"); }

    private ApiClient client(String option, String url, @Nullable Path own, String variable) {
        URI endpoint = endpoint(option, url);
        Map<String, String> environment = System.getenv();
        Credentials.Prompt prompt = Credentials.Prompt::onTerminal;
        var sources = new Credentials.Sources(own == null ? admin : null, own == null ? adminFile : own, environment, prompt);
        Credentials login = Credentials.find(sources, variable, "DYAD_ADMIN").orElseGet(() -> asked(endpoint, environment, prompt));
        int port = endpoint.getPort() < 0 ? API_PORT : endpoint.getPort();
        return new ApiClient(endpoint, trust.contextFor(new InetSocketAddress(endpoint.getHost(), port)), login);
    }

    private static Credentials asked(URI endpoint, Map<String, String> environment, Credentials.Prompt prompt) {
        String user = prompt.ask("Administrator of " + endpoint.getAuthority()).orElseThrow(() -> new IllegalArgumentException(
            "nobody says as whom to log in to " + endpoint.getAuthority() + ": --admin-file FILE, or DYAD_ADMIN=USER:PASSWORD in the environment"));
        return Credentials.find(new Credentials.Sources(user, null, environment, prompt)).orElseThrow();
    }

    private static URI endpoint(String option, String url) {
        URI uri;
        try {
            uri = URI.create(url.contains("://") ? url : "https://" + url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + url + " is no URL", e);
        }
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) throw new IllegalArgumentException(option + ": " + url + " is no https://HOST[:PORT]");
        return uri.getPath().length() > 1 ? uri : uri.resolve("/json-rpc/12.5");
    }
}
