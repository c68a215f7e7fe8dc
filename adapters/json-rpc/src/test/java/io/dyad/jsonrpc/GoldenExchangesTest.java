package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.spec.GoldenExchange;
import io.dyad.spec.Placeholders;
import io.dyad.spec.Spec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden exchange of the contract, played over HTTPS. */
@Tag("ER-1") @Tag("ER-2") @Tag("ER-3") @Tag("ER-4") @Tag("ER-5") @Tag("ER-6") @Tag("ER-7") @Tag("ER-8") @Tag("ER-9")
class GoldenExchangesTest {
    static Stream<GoldenExchange> exchanges() { return Spec.load().golden().stream(); }

    @ParameterizedTest @MethodSource("exchanges")
    void is_answered_as_the_contract_shows(GoldenExchange golden) {
        var network = new HashMap<String, FakeCluster>();
        try (var here = new FakeCluster(network, "East", "xsm6", "127.0.0.1:4443");
             var there = new FakeCluster(network, "DR", "bgn0", "127.0.0.1:4444");
             var server = JsonRpcServer.start(here, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), JsonRpcSettings.DEFAULT);
             var client = Client.of(server)) {
            var given = GivenState.arrange(golden.given().name(), here, there);
            var answer = client.exchange(golden.version().toString(), Placeholders.fill(golden.request(), given));
            assertThat(Placeholders.mismatches(Placeholders.fill(golden.response(), given), answer)).isEmpty();
        }
    }
}
