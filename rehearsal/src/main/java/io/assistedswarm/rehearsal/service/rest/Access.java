package io.assistedswarm.rehearsal.service.rest;

import java.util.List;

/** Who may make a call: any of these ways will do, and they are tried in this order (assisted-service, swagger.yaml). */
enum Access {
    AGENT,
    USER,
    USER_OR_WATCHER,
    USER_OR_AGENT,
    CLUSTER,
    CLUSTER_FILE,
    CLUSTER_LOGS,
    INFRA_ENV,
    /** What is named by the query, not by the path. */
    EVENTS,
    /** The image service asks the service itself with what its own path has. */
    IMAGE,
    PUBLIC;

    List<Scheme> schemes() {
        return switch (this) {
            case AGENT -> List.of(Scheme.AGENT);
            case USER -> List.of(Scheme.USER);
            case USER_OR_WATCHER -> List.of(Scheme.USER, Scheme.WATCHER);
            case USER_OR_AGENT -> List.of(Scheme.USER, Scheme.AGENT);
            case CLUSTER -> List.of(Scheme.USER, Scheme.AGENT, Scheme.WATCHER);
            case CLUSTER_FILE -> List.of(Scheme.USER, Scheme.AGENT, Scheme.URL);
            case CLUSTER_LOGS -> List.of(Scheme.USER, Scheme.URL);
            case INFRA_ENV -> List.of(Scheme.USER, Scheme.AGENT, Scheme.URL, Scheme.IMAGE, Scheme.IMAGE_URL);
            case EVENTS -> List.of(Scheme.USER, Scheme.URL, Scheme.WATCHER);
            case IMAGE -> List.of(Scheme.URL, Scheme.IMAGE);
            case PUBLIC -> List.of();
        };
    }
}
