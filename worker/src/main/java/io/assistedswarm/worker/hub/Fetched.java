package io.assistedswarm.worker.hub;

import java.time.Duration;

/**
 * A file that has come from the service, of which nothing is kept.
 *
 * @param took from the request to the last byte
 */
public record Fetched(long bytes, Duration took) {}
