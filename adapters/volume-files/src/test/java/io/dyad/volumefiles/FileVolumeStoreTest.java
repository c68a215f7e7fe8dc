package io.dyad.volumefiles;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.VolumeStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store on real files. */
class FileVolumeStoreTest extends VolumeStoreContract {
    @TempDir Path dir;
    private Closeable opened = () -> { };

    @Override VolumeStore emptyStore() throws IOException {
        FileVolumeStore store = FileVolumeStore.open(dir);
        opened = store;
        return store;
    }

    @AfterEach void closesTheStore() throws IOException { opened.close(); }

    @Test void onlyOneStoreHasADirectory() {
        assertThatThrownBy(() -> FileVolumeStore.open(dir)).hasMessageContaining("in use by another process");
    }
}
