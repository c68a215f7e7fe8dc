package io.dyad.jsonrpc;

import java.time.Duration;

/**
 * The bounds of a server.
 *
 * @param maxBodyBytes of one request; a larger one is refused by an API error
 * @param maxConnections open at once; more wait in the listener's queue
 * @param readTimeout how long a client may be silent, and how long a body may take
 * @param drain how long close waits for calls under way
 */
public record JsonRpcSettings(int maxBodyBytes, int maxConnections, Duration readTimeout, Duration drain) {
    public static final JsonRpcSettings DEFAULT = new JsonRpcSettings(8 << 20, 1024, Duration.ofSeconds(60), Duration.ofSeconds(10));

    public JsonRpcSettings {
        if (maxBodyBytes < 1 || maxConnections < 1) throw new IllegalArgumentException("a bound below 1 serves nobody");
        if (!readTimeout.isPositive() || drain.isNegative()) throw new IllegalArgumentException("a server needs time");
    }

    public JsonRpcSettings withMaxBodyBytes(int now) { return new JsonRpcSettings(now, maxConnections, readTimeout, drain); }

    public JsonRpcSettings withReadTimeout(Duration now) { return new JsonRpcSettings(maxBodyBytes, maxConnections, now, drain); }

    public JsonRpcSettings withDrain(Duration now) { return new JsonRpcSettings(maxBodyBytes, maxConnections, readTimeout, now); }
}
