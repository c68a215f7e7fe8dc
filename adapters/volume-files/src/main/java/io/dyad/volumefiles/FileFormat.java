package io.dyad.volumefiles;

import io.dyad.replication.Blocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * How every file of a store begins.
 * <pre>
 *  0        8         12       16
 *  | magic  | version | CRC32C of the 12 bytes before |
 * </pre>
 * In data and map files content begins at byte {@value #CONTENT_AT}, so that blocks stay aligned.
 */
enum FileFormat {
    DATA("DYADdata", 2), MAP("DYADmap ", 2), INTENTS("DYADintt", 1), MANIFEST("DYADmani", 2), JOURNAL("DYADjour", 2), RECENT("DYADrecn", 1);

    static final int HEADER_BYTES = 16;
    static final int CONTENT_AT = Blocks.BLOCK_BYTES;

    private final String magic;
    /** What is written; every version from 1 on is read. */
    private final int version;

    FileFormat(String magic, int version) {
        this.magic = magic;
        this.version = version;
    }

    ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(magic.getBytes(StandardCharsets.US_ASCII)).putInt(version);
        return header.putInt(checksum(header, 0, 12)).flip();
    }

    /** Refuses, in words, a file that begins otherwise; else says its version. */
    int check(Path path, FileLayer.Handle file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        int length = file.read(0, header);
        if (length < HEADER_BYTES || !magic.equals(new String(header.array(), 0, 8, StandardCharsets.US_ASCII))) {
            throw new IOException(path + " is not a Dyad " + word() + " file");
        }
        if (header.getInt(12) != checksum(header, 0, 12)) throw new IOException(path + ": the header is damaged");
        int found = header.getInt(8);
        if (found < 1 || found > version) {
            throw new IOException(path + " has format version " + found + "; this release reads up to version " + version);
        }
        return found;
    }

    /** Whether a header of this kind, of whatever version, is not there whole. */
    boolean damaged(FileLayer.Handle file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        return file.read(0, header) < HEADER_BYTES || !magic.equals(new String(header.array(), 0, 8, StandardCharsets.US_ASCII))
            || header.getInt(12) != checksum(header, 0, 12);
    }

    /** CRC32C of a part of a buffer, whose position and limit stay. */
    static int checksum(ByteBuffer bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().clear().position(from).limit(from + length));
        return (int) crc.getValue();
    }

    private String word() {
        return switch (this) {
            case DATA -> "data";
            case MAP -> "map";
            case INTENTS -> "write-intent";
            case MANIFEST -> "manifest";
            case JOURNAL -> "journal";
            case RECENT -> "recent-entries";
        };
    }
}
