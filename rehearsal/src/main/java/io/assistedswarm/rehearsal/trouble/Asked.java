package io.assistedswarm.rehearsal.trouble;

/**
 * A request, as far as troubles tell one from another.
 *
 * @param resource empty for a path that is none of the Kubernetes API's resources, and for the service
 */
public record Asked(String client, String verb, String resource, String path) {}
