package io.assistedswarm.worker.hub;

import java.time.Duration;

/** Is told how long the Kubernetes API takes to answer. Must not block. */
@FunctionalInterface
public interface RequestTimes {
    RequestTimes IGNORED = (verb, status, took) -> {};

    /** @param status 0 when nothing has answered */
    void answered(String verb, int status, Duration took);
}
