package io.dyad.cluster;

import io.dyad.replication.RingBudget;
import io.dyad.replication.Terms;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How to open a cluster. Every setting has a default but the directory. */
public final class ClusterBuilder {
    final Path dir;
    Optional<String> name = Optional.empty();
    Optional<String> mvip = Optional.empty();
    Optional<String> svip = Optional.empty();
    Optional<InetSocketAddress> link = Optional.empty();
    Optional<String> advertisedLink = Optional.empty();
    boolean allowUnpinnedKeys;
    boolean clearLink;
    long ringBudget = RingBudget.DEFAULT_BYTES;
    Duration syncTimeout = Duration.ofNanos(Terms.DEFAULT.syncTimeoutNs());
    boolean syncStrict;
    long pairRate = Terms.NO_LIMIT;
    long clusterRate = Terms.NO_LIMIT;
    Duration asyncDelayLimit = Duration.ofHours(1);

    ClusterBuilder(Path dir) { this.dir = dir; }

    /** 1 to 64 characters; by default the one it has, or the directory's name. Renames an existing cluster. */
    public ClusterBuilder name(String clusterName) {
        name = Optional.of(clusterName);
        return this;
    }

    /** The management address as clients and peers know it: HOST, or HOST:PORT when the port is not 443. By default the link's. */
    public ClusterBuilder mvip(String address) {
        mvip = Optional.of(address);
        return this;
    }

    /** The storage address as clients see it; by default the mvip's host. */
    public ClusterBuilder svip(String address) {
        svip = Optional.of(address);
        return this;
    }

    /** Where peers connect; by default a free port on 127.0.0.1, the same one again after a restart. */
    public ClusterBuilder link(InetSocketAddress address) {
        link = Optional.of(address);
        return this;
    }

    /** HOST:PORT where peers reach the link, when a forwarder stands between, which needs a link with a port of its own; by default where it listens. */
    public ClusterBuilder advertisedLink(String address) {
        advertisedLink = Optional.of(address);
        return this;
    }

    /** Accepts pairing keys that name no certificate, trusting the proof of the password alone. */
    public ClusterBuilder allowUnpinnedKeys(boolean allow) {
        allowUnpinnedKeys = allow;
        return this;
    }

    /** Replicates without TLS, still authenticated and checksummed; both ends must agree. For loopback and dedicated networks. */
    public ClusterBuilder clearLink(boolean clear) {
        clearLink = clear;
        return this;
    }

    /** Memory for writes on their way to targets, of all pairs together, shared fairly; 256 MiB by default. */
    public ClusterBuilder ringBudget(long bytes) {
        if (bytes < 1 << 20) throw new IllegalArgumentException("a ring budget of " + bytes + " bytes, it begins at 1 MiB");
        ringBudget = bytes;
        return this;
    }

    /** How long writes of a Sync pair wait for a silent target; 10 s by default. A volume's attribute dyad.syncTimeoutSeconds goes before. */
    public ClusterBuilder syncTimeout(Duration limit) {
        if (limit.isNegative() || limit.isZero()) throw new IllegalArgumentException("a sync time-out is more than nothing");
        syncTimeout = limit;
        return this;
    }

    /** After that time-out writes fail, instead of going on alone. A volume's attribute dyad.syncStrict goes before. */
    public ClusterBuilder syncStrict(boolean strict) {
        syncStrict = strict;
        return this;
    }

    /** How fast each pair ships at most, bytes a second; unlimited by default. A volume's attribute dyad.rateBytesPerSecond goes before. */
    public ClusterBuilder pairRate(long bytesPerSecond) {
        if (bytesPerSecond <= 0) throw new IllegalArgumentException("a rate is more than nothing");
        pairRate = bytesPerSecond;
        return this;
    }

    /** How fast all pairs together ship at most, bytes a second; unlimited by default. */
    public ClusterBuilder clusterRate(long bytesPerSecond) {
        if (bytesPerSecond <= 0) throw new IllegalArgumentException("a rate is more than nothing");
        clusterRate = bytesPerSecond;
        return this;
    }

    /** How old the oldest write may be that a target lacks before it is a fault; 1 hour by default. */
    public ClusterBuilder asyncDelayLimit(Duration limit) {
        asyncDelayLimit = limit;
        return this;
    }

    /** Opens it; only one process at a time can. Everything resumes where it was. */
    public Cluster open() throws IOException { return LocalCluster.open(this); }
}
