package io.dyad.cluster.culprits;

/** Breaks the rule that only JSON-RPC says Helidon. */
public interface ServesHttp {
    io.helidon.webserver.WebServer server();
}
