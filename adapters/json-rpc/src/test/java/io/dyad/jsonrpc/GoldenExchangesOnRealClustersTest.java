package io.dyad.jsonrpc;

import io.dyad.cluster.Cluster;
import io.dyad.domain.EventLog.Cause;
import io.dyad.spec.GoldenExchange;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("ER-1") @Tag("ER-2") @Tag("ER-3") @Tag("ER-4") @Tag("ER-5") @Tag("ER-6") @Tag("ER-7") @Tag("ER-8") @Tag("ER-9")
@Tag("long") @Timeout(120)
class GoldenExchangesOnRealClustersTest extends GoldenExchanges {
    @TempDir private Path dir;

    /** What takes thousands of durable commands to arrange is played on a cluster of the mind alone; the domain's tests have these limits. */
    private static final Set<String> TOO_MANY = Set.of("account full of volumes", "full of accounts", "full of admins");

    static Stream<GoldenExchange> exchanges() { return GoldenExchanges.exchanges().filter(g -> !TOO_MANY.contains(g.given().name())); }

    @Override List<Cluster> clusters() throws Exception {
        var here = Cluster.at(dir.resolve("here")).name("East").open();
        here.admins().set("admin", FakeCluster.PASSWORD.toCharArray(), new Cause("test", "given"));
        return List.of(here, Cluster.at(dir.resolve("there")).name("DR").open());
    }
}
