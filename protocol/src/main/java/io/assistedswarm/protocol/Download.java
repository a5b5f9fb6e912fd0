package io.assistedswarm.protocol;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a cluster's user fetches from the service once the cluster is at its end. */
public enum Download {
    /** A secret: it is counted, and kept and shown nowhere. */
    KUBECONFIG,
    /** What hosts and controller have uploaded, in one archive with what the service itself has of the cluster. */
    LOGS;

    /** As in a plan. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Download> parse(String text) {
        return Arrays.stream(values())
                .filter(download -> download.label().equals(text))
                .findFirst();
    }

    /**
     * What is to be fetched now that the cluster has ended: all that is wanted of one that is installed, of one that has failed what can
     * tell why.
     *
     * @param before the phase in which it ended
     */
    public static Set<Download> due(ClusterSpec cluster, ClusterPhase before, ClusterPhase end) {
        Set<Download> due = EnumSet.noneOf(Download.class);
        due.addAll(cluster.traits().downloads());
        boolean known = before.compareTo(ClusterPhase.APPLIED) >= 0 && !before.isEnd();
        if (end == ClusterPhase.FAILED && known) {
            due.retainAll(EnumSet.of(LOGS));
        } else if (end != ClusterPhase.INSTALLED) {
            due.clear();
        }
        return due;
    }
}
