package io.dyad.testkit.kit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Two fakes that know each other. */
record FakeClusters(FakeCluster a, FakeCluster b) implements TwoClusters {
    static FakeClusters with(Mutant mutant) {
        Map<String, FakeCluster> network = new HashMap<>();
        return new FakeClusters(new FakeCluster("One", "aaa1", mutant, network), new FakeCluster("Other", "bbb2", mutant, network));
    }

    @Override public Duration patience() { return Duration.ofSeconds(1); }
}
