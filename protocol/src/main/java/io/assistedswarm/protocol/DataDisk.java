package io.assistedswarm.protocol;

/**
 * The room that a worker has for its data folder.
 *
 * @param freeBytes that may be written; negative as long as nobody has looked
 * @param trouble why nothing could be written when that was last tried; empty when it could
 */
public record DataDisk(long freeBytes, String trouble) {
    public static final DataDisk UNKNOWN = new DataDisk(-1, "");

    public boolean isKnown() {
        return freeBytes >= 0;
    }
}
