package io.dyad.domain;

/** What has numbers of a cluster and no limit of its own there. */
public enum Numbered { SNAPSHOT, GROUP_SNAPSHOT, JOB }
