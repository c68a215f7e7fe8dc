package io.dyad.nbd;

import java.util.List;

/** The devices a server offers, by name. Safe for any thread. */
public interface Exports {
    /** Opens one host session's view; the caller closes it. Also called to describe an export, without any I/O after it. */
    Export open(String name) throws NoSuchExportException, ExportRefusedException;

    /** What a client is shown; leave out what would be refused, or {@code nbdinfo --list} fails as a whole. */
    List<String> names();
}
