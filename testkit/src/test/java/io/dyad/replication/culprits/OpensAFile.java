package io.dyad.replication.culprits;

/** Breaks the rule that files and sockets belong to adapters. */
public interface OpensAFile {
    java.io.RandomAccessFile file();
}
