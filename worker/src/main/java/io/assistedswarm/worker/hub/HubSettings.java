package io.assistedswarm.worker.hub;

import java.time.Duration;

/**
 * How hard one worker may press the Kubernetes API, and as hard the service by its REST API.
 *
 * @param burst requests that may be sent at once after a pause
 * @param unanswered requests that may be without an answer at a time
 * @param timeout of one request
 */
public record HubSettings(double requestsPerSecond, int burst, int unanswered, Duration timeout) {
    RateLimit rateLimit() {
        return new RateLimit(requestsPerSecond, burst, unanswered, System::nanoTime);
    }
}
