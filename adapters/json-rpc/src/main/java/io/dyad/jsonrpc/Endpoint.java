package io.dyad.jsonrpc;

import io.dyad.jsonrpc.Dispatcher.Caller;
import io.dyad.jsonrpc.Logins.Busy;
import io.dyad.jsonrpc.Logins.Credential;
import io.dyad.jsonrpc.Logins.Known;
import io.dyad.jsonrpc.Logins.Unknown;
import io.dyad.spec.Spec;
import io.dyad.spec.Version;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a request meets before it is an API call: path, verb, login, size; each says no in HTML (Element 12.x API, requests).
 * From there on every answer is HTTP 200 with JSON.
 */
final class Endpoint implements Handler {
    /** By path, with and without a slash at its end. */
    private static final Map<String, Version> VERSIONS = versions();
    private static final int READ_BYTES = 16 << 10;
    /** How much more than the limit is read, so that the client is done sending when the refusal reaches it. */
    private static final int DRAINED_LIMITS = 8;

    private final Dispatcher dispatcher;
    private final Logins logins;
    private final SlowClients clients;
    private final JsonRpcSettings settings;

    Endpoint(Dispatcher dispatcher, Logins logins, SlowClients clients, JsonRpcSettings settings) {
        this.dispatcher = dispatcher;
        this.logins = logins;
        this.clients = clients;
        this.settings = settings;
    }

    @Override public void handle(ServerRequest request, ServerResponse response) throws IOException {
        SocketAddress client = request.remotePeer().address();
        clients.called(client);
        try {
            receive(request, response);
        } finally {
            clients.answered(client);
        }
    }

    private void receive(ServerRequest request, ServerResponse response) throws IOException {
        Optional<Version> version = Optional.ofNullable(VERSIONS.get(request.path().rawPath()));
        if (version.isEmpty()) {
            page(response, Status.NOT_FOUND_404);
        } else if (!request.prologue().method().equals(Method.POST)) {
            page(response.header(HeaderNames.ALLOW, "POST"), Status.METHOD_NOT_ALLOWED_405);
        } else {
            enter(version.get(), request, response);
        }
    }

    private static Map<String, Version> versions() {
        Map<String, Version> paths = new HashMap<>();
        for (Version version : Spec.load().versions()) {
            paths.put("/json-rpc/" + version, version);
            paths.put("/json-rpc/" + version + "/", version);
        }
        return Map.copyOf(paths);
    }

    private void enter(Version version, ServerRequest request, ServerResponse response) throws IOException {
        Optional<Credential> credential = request.headers().first(HeaderNames.AUTHORIZATION).flatMap(Credential::ofBasic);
        if (credential.isEmpty()) {
            unauthorized(response);
            return;
        }
        switch (logins.check(credential.get())) {
            case Known known -> answer(new Caller(credential.get().username(), known.access(), version), request, response);
            case Unknown u   -> unauthorized(response);
            case Busy b      -> page(response.header(HeaderNames.RETRY_AFTER, "1"), Status.SERVICE_UNAVAILABLE_503);
        }
    }

    private void answer(Caller caller, ServerRequest request, ServerResponse response) throws IOException {
        Optional<byte[]> body = body(request);
        if (body.isEmpty()) response.header(HeaderValues.CONNECTION_CLOSE);
        response.header(HeaderNames.CONTENT_TYPE, "application/json")
            .send(body.map(b -> dispatcher.answer(caller, b)).orElseGet(() -> dispatcher.tooLarge(settings.maxBodyBytes())));
    }

    /** The whole body; empty when it is larger than allowed. One that takes too long ends the connection. */
    private Optional<byte[]> body(ServerRequest request) throws IOException {
        if (!request.content().hasEntity()) return Optional.of(new byte[0]);
        long giveUpAtNs = System.nanoTime() + settings.readTimeout().toNanos();
        var body = new ByteArrayOutputStream();
        var buffer = new byte[READ_BYTES];
        long size = 0;
        try (InputStream in = request.content().inputStream()) {
            for (int n; size <= (long) DRAINED_LIMITS * settings.maxBodyBytes() && (n = in.read(buffer)) >= 0; ) {
                if (System.nanoTime() - giveUpAtNs > 0) throw new IOException("a request body took too long");
                size += n;
                if (size <= settings.maxBodyBytes()) body.write(buffer, 0, n);
            }
        }
        return size <= settings.maxBodyBytes() ? Optional.of(body.toByteArray()) : Optional.empty();
    }

    private static void unauthorized(ServerResponse response) {
        page(response.header(HeaderNames.WWW_AUTHENTICATE, "Basic realm=\"Element API\", charset=\"UTF-8\""), Status.UNAUTHORIZED_401);
    }

    private static void page(ServerResponse response, Status status) {
        String title = status.code() + " " + status.reasonPhrase();
        String html = "<html><head><title>%s</title></head><body><h1>%s.</h1></body></html>".formatted(title, title);
        response.status(status).header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8").send(html.getBytes(StandardCharsets.UTF_8));
    }
}
