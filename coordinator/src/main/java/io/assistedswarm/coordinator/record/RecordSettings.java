package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.Secret;
import java.nio.file.Path;

/**
 * Where the record is.
 *
 * @param data folder of the database file, and of the key if it is not given
 * @param url of PostgreSQL as JDBC has it; empty for the database file
 * @param user empty to take the one that the URL, or else the system, names
 * @param key file of the key that secrets in the record are sealed with
 */
public record RecordSettings(Path data, String url, String user, Secret password, Path key) {
    /** A database file in the folder. */
    public static RecordSettings file(Path data) {
        return new RecordSettings(data, "", "", new Secret(""), data.resolve("record-key"));
    }

    public boolean isPostgres() {
        return !url.isEmpty();
    }
}
