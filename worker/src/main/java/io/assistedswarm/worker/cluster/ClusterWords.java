package io.assistedswarm.worker.cluster;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.worker.InfraEnvWords;
import java.util.Comparator;
import java.util.stream.Collectors;

/** What is said of a cluster that waits, by the names that its user knows. */
final class ClusterWords {
    private ClusterWords() {}

    /** What is waited for, and what was seen last; empty for nothing. */
    static String awaited(ClusterObserved seen) {
        boolean byHand = seen.cluster().byHand();
        String next = switch (seen.phase()) {
            case APPLIED -> byHand ? "its infra-env's image" : "the InfraEnv's ISO";
            case IMAGE_READY -> seen.cluster().infraEnvOnly() ? "all hosts known-unbound" : "all hosts known";
            case HELD -> "its release (by 'swarm release', or by the plan when all clusters are ready)";
            case PREPARING -> "the start of the installation";
            case INSTALLING -> byHand ? "status finalizing" : "state finalizing";
            case FINALIZING -> byHand ? "status installed" : "condition Completed";
            case COMPLETED -> "the end of its controller";
            case ADDING_HOSTS -> "its day-2 hosts";
            default -> "";
        };
        return next.isEmpty() ? "" : next + "; " + lastSeen(seen);
    }

    /** What its user still fetches of a cluster at its end; empty for nothing. */
    static String fetched(ClusterObserved seen) {
        return seen.due().isEmpty()
                ? ""
                : "its user's downloads: "
                        + seen.due().stream().sorted().map(Download::label).collect(Collectors.joining(", "));
    }

    static String lastSeen(ClusterObserved seen) {
        boolean byHand = seen.cluster().byHand();
        String install = seen.install()
                .map(state -> (byHand ? "cluster status '" : "AgentClusterInstall '") + state.state() + "' "
                        + state.percent() + " %" + (state.message().isEmpty() ? "" : ": " + state.message()))
                .orElse("");
        String infraEnv = seen.infraEnv()
                .map(state -> InfraEnvWords.of(state, byHand))
                .orElse(byHand ? "infra-env not seen" : "InfraEnv not seen");
        String behind = (seen.phase() == ClusterPhase.ADDING_HOSTS
                        ? seen.cluster().dayTwoHosts()
                        : seen.cluster().hosts().subList(0, seen.cluster().dayOneHostCount()))
                .stream()
                        .min(Comparator.comparing(host -> seen.hosts().getOrDefault(host, HostPhase.PLACED)))
                        .map((HostId host) -> ", last host " + host + " "
                                + seen.hosts()
                                        .getOrDefault(host, HostPhase.PLACED)
                                        .label())
                        .orElse("");
        return (install.isEmpty() ? infraEnv : install) + behind;
    }
}
