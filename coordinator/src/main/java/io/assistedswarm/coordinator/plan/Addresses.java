package io.assistedswarm.coordinator.plan;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** What an address of a server may look like. */
final class Addresses {
    /** @param hint what to do about it */
    record Fault(String message, String hint) {}

    private Addresses() {}

    /** What is wrong with it; empty for an http or https address without a password, a query and a fragment. */
    static Optional<Fault> problem(String url) {
        String example = "write for example 'http://127.0.0.1:8090'";
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
                return Optional.of(new Fault("is not an http or https address", example));
            }
            return uri.getUserInfo() == null
                    ? Optional.empty()
                    : Optional.of(new Fault("carries a user or password", "leave out what is before the '@'"));
        } catch (URISyntaxException e) {
            return Optional.of(new Fault("is not an address", example));
        }
    }
}
