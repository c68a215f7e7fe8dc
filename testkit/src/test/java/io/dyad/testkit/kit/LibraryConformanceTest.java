package io.dyad.testkit.kit;

/** The suite against two real clusters as a library, in this process. */
class LibraryConformanceTest extends RealClustersSuite {
    @Override TwoClusters asking(RealClusters clusters) { return clusters.inProcess(); }
}
