package io.dyad.cluster;

/**
 * What a cluster can hold and holds, in bytes, measured on the file system of its volumes.
 *
 * @param total of the file system
 * @param free of it, for this process
 * @param allocated what the volumes' blocks take
 * @param provisioned the sizes of all volumes that are not purged
 * @param snapshots what the snapshots hold, a block that several share counted for each
 */
public record Capacity(long total, long free, long allocated, long provisioned, long snapshots) { }
