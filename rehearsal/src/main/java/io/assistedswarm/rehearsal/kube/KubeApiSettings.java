package io.assistedswarm.rehearsal.kube;

import java.time.Duration;
import java.util.Set;

/**
 * What can be tuned at the server; {@link #defaults()} fits a rehearsal.
 *
 * @param history events remembered per kind; a watch that starts before them is told 410
 * @param watchQueue events that may wait for one watcher before it is cut off
 * @param bookmarkInterval pause between bookmarks of a watch that wants them
 * @param watchTimeout longest life of a watch that does not say how long
 * @param indexedLabels labels whose equality selectors need no scan
 * @param firstVersion first resource version; must be beyond those of an earlier run, or its clients would not notice the restart
 */
public record KubeApiSettings(
        int history,
        int watchQueue,
        Duration bookmarkInterval,
        Duration watchTimeout,
        Set<String> indexedLabels,
        long firstVersion) {

    public KubeApiSettings {
        indexedLabels = Set.copyOf(indexedLabels);
    }

    public static KubeApiSettings defaults() {
        return new KubeApiSettings(
                4_096,
                8_192,
                Duration.ofSeconds(20),
                Duration.ofMinutes(30),
                Set.of("assistedswarm.io/swarm", "assistedswarm.io/cluster", "infraenvs.agent-install.openshift.io"),
                System.currentTimeMillis());
    }
}
