package io.dyad.domain;

/** What has numbers of a cluster, beside cluster pairs, accounts and volumes. */
public enum Numbered { SNAPSHOT, GROUP_SNAPSHOT, JOB, ADMIN }
