package io.dyad.testkit.kit;

/** The suite against two real clusters over HTTPS. */
class HttpsConformanceTest extends RealClustersSuite {
    @Override TwoClusters asking(RealClusters clusters) { return clusters.overHttps(); }
}
