package io.dyad.testkit.kit;

/** The suite against the strict fake, so that a failure elsewhere is that implementation's. */
class FakeConformanceTest extends ConformanceSuite {
    @Override protected TwoClusters twoClusters() { return FakeClusters.with(Mutant.NONE); }

    @Override protected int tries() { return Integer.getInteger("dyad.kit.tries", 100); }
}
