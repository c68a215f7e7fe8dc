package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.cluster.Cluster;
import io.dyad.spec.GoldenExchange;
import io.dyad.spec.Placeholders;
import io.dyad.spec.Spec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden exchange of the contract, played over HTTPS on the first of two clusters. */
abstract class GoldenExchanges {
    static Stream<GoldenExchange> exchanges() { return Spec.load().golden().stream(); }

    /** Two new clusters that can reach each other and know the administrator. */
    abstract List<Cluster> clusters() throws Exception;

    @ParameterizedTest @MethodSource("exchanges")
    void is_answered_as_the_contract_shows(GoldenExchange golden) throws Exception {
        List<Cluster> two = clusters();
        try (var here = two.getFirst();
             var there = two.getLast();
             var server = JsonRpcServer.start(here, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), JsonRpcSettings.DEFAULT);
             var client = Client.of(server, TestTls.trusting())) {
            client.exchange("12.5", Json.object().put("method", "GetAPI"));       // logged in, so that what is arranged lasts until the request
            var given = GivenState.arrange(golden.given().name(), here, there);
            var answer = client.exchange(golden.version().toString(), Placeholders.fill(golden.request(), given));
            assertThat(Placeholders.mismatches(Placeholders.fill(golden.response(), given), answer)).isEmpty();
        }
    }
}
