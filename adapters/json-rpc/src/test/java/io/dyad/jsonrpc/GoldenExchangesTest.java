package io.dyad.jsonrpc;

import io.dyad.cluster.Cluster;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("ER-1") @Tag("ER-2") @Tag("ER-3") @Tag("ER-4") @Tag("ER-5") @Tag("ER-6") @Tag("ER-7") @Tag("ER-8") @Tag("ER-9")
class GoldenExchangesTest extends GoldenExchanges {
    @Override List<Cluster> clusters() {
        var network = new HashMap<String, FakeCluster>();
        return List.of(new FakeCluster(network, "East", "xsm6", "127.0.0.1:4443"), new FakeCluster(network, "DR", "bgn0", "127.0.0.1:4444"));
    }
}
