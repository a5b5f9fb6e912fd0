package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.Unmet;
import io.assistedswarm.worker.InfraEnvWords;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is said of a host that waits, by the names that its user knows: those of its custom resources, or, where the REST API is all that he
 * has, cluster, infra-env and host.
 */
final class HostWords {
    private HostWords() {}

    /** What is waited for, and what was seen last; empty for nothing. */
    static String awaited(HostObserved seen) {
        String next = awaitedNext(seen);
        if (next.isEmpty()) {
            return "";
        }
        boolean held = seen.injection().filter(Injection::holdsAgent).isPresent();
        String process = seen.process() == AgentProcess.BROKEN_OFF && !held
                ? " (the agent ended by itself and starts again soon)"
                : "";
        return next + process + "; " + lastSeen(seen);
    }

    private static String awaitedNext(HostObserved seen) {
        boolean byHand = seen.journey().byHand();
        String state = byHand ? "host status " : "Agent state ";
        return switch (seen.phase()) {
            case BOOTED -> byHand ? "its registration" : "its Agent, which the service makes at registration";
            case REGISTERED -> state + (seen.journey().startsUnbound() ? HostStep.POOLED : "known");
            case UNBOUND -> state + "known, once it is bound and has registered again";
            case KNOWN, PREPARING -> "the start of the installation";
            case INSTALLING -> "the reboot";
            case REBOOTING -> "stage Joined";
            case JOINED -> state + "installed";
            default -> "";
        };
    }

    static String lastSeen(HostObserved seen) {
        boolean byHand = seen.journey().byHand();
        return seen.agent()
                .map(agent -> of(agent, byHand))
                .or(() -> seen.machine().map(machine -> of(machine, seen)))
                .orElseGet(() -> seen.infraEnv()
                        .map(infraEnv -> InfraEnvWords.of(infraEnv, byHand))
                        .orElse(byHand ? "nothing of it has been seen" : "none of its objects has been seen"));
    }

    private static String of(AgentState agent, boolean byHand) {
        return (byHand ? "host status '" : "Agent state '") + agent.state() + "'"
                + (agent.stage().isEmpty() ? "" : ", stage '" + agent.stage() + "'")
                + (agent.unmet().isEmpty() ? "" : ", unmet: " + inWords(agent.unmet()));
    }

    private static String of(BareMetalHostState machine, HostObserved seen) {
        String image = seen.imageUrl().isEmpty() ? "no image" + imageMessage(seen) : "image offered";
        return seen.journey().byHand()
                ? image + ", not registered"
                : "BareMetalHost '" + machine.provisioningState() + "', " + image + ", no Agent";
    }

    static String infraEnvAwaited(HostObserved seen) {
        boolean byHand = seen.journey().byHand();
        return (byHand ? "its infra-env's image" : "the InfraEnv's ISO")
                + seen.infraEnv()
                        .map(infraEnv -> infraEnv.imageMessage().isEmpty() ? "" : ": " + infraEnv.imageMessage())
                        .orElse(byHand ? " (the infra-env has not been seen)" : " (the InfraEnv has not been seen)");
    }

    static String imageMessage(HostObserved seen) {
        return seen.told()
                .image()
                .map(PreprovisioningImageState::message)
                .filter(message -> !message.isEmpty())
                .map(message -> ": " + message)
                .orElse("");
    }

    private static String inWords(List<Unmet> unmet) {
        return unmet.stream().map(Unmet::inWords).collect(Collectors.joining(" | "));
    }
}
