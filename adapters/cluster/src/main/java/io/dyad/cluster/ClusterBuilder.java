package io.dyad.cluster;

import java.nio.file.Path;

/** How to open a cluster. Every setting has a default but the directory. */
public final class ClusterBuilder {
    private final Path dir;

    ClusterBuilder(Path dir) { this.dir = dir; }

    /** The directory that holds everything. */
    public Path dir() { return dir; }
}
