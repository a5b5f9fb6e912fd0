package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.util.List;
import java.util.Locale;

/**
 * An image that podman could not pull.
 *
 * @param said podman's reason
 */
public record PullTrouble(String said) {
    /** The registry has answered, and will answer the same again; all else may be a fault of the network. */
    private static final List<String> LASTING = List.of(
            "manifest unknown",
            "name unknown",
            "unauthorized",
            "denied",
            "authentication required",
            "invalid reference format",
            "invalid image name",
            "must be lowercase",
            "no image found",
            "error parsing auth file");

    /**
     * @param message in which podman's reason stands
     * @return {@link IllegalArgumentException} when it is of no use to try again, else {@link ProcessFailed}
     */
    public RuntimeException failure(String message) {
        String lower = said.toLowerCase(Locale.ROOT);
        return LASTING.stream().anyMatch(lower::contains)
                ? new IllegalArgumentException(message)
                : new ProcessFailed(message, null);
    }
}
