package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.host.Injection.State;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Decides when a host does what its fault asks for, from what is observed, and which failures it explains. */
final class FaultStep {
    private FaultStep() {}

    /** Empty when the fault asks for nothing now. */
    static Optional<HostAction> next(HostObserved seen) {
        return seen.injection().flatMap(injection -> next(seen, injection));
    }

    private static Optional<HostAction> next(HostObserved seen, Injection injection) {
        if (injection.state() == State.TIME_UP) {
            return Optional.of(new HostAction.Recover(injection.fault()));
        }
        Optional<AgentState> answer = seen.agent()
                .filter(agent -> injection.injected() && !injection.answered())
                .filter(agent -> answers(injection.fault().kind()).contains(agent.state()));
        if (answer.isPresent()) {
            return Optional.of(
                    new HostAction.Note(FaultEvent.ANSWERED, answer.get().state()));
        }
        // What breaks before is not the fault's doing.
        if (injection.state() != State.AHEAD || !injection.fault().reachedBy(seen.phase()) || HostStep.isBroken(seen)) {
            return Optional.empty();
        }
        if (hasGoneOn(seen, injection.fault())) {
            return Optional.of(new HostAction.Note(
                    FaultEvent.MISSED, injection.fault() + ": the host was " + HostWords.lastSeen(seen) + " before"));
        }
        return inject(seen, injection.fault());
    }

    private static Optional<HostAction> inject(HostObserved seen, Fault fault) {
        return switch (fault.kind()) {
            case NEVER_REGISTER, FAIL_VALIDATION ->
                Optional.of(new HostAction.Note(FaultEvent.INJECTED, fault.toString()));
            case VANISH, RESTART ->
                seen.process() == AgentProcess.RUNNING
                        ? Optional.of(new HostAction.Misbehave(fault))
                        : Optional.empty();
            // It runs from its first report on.
            case FAIL_INSTALLER ->
                seen.process() == AgentProcess.RUNNING && !stage(seen).isEmpty()
                        ? Optional.of(new HostAction.Misbehave(fault))
                        : Optional.empty();
        };
    }

    /**
     * The phase that a host goes on to. With its fault ahead that is the fault's own first, on the way to a later one. As long as its
     * agent is held it does not come to its end: what is reported then was true before.
     */
    static Optional<HostPhase> notBeyondFault(HostObserved seen, HostPhase reported) {
        if (seen.injection().isEmpty()) {
            return Optional.of(reported);
        }
        Injection injection = seen.injection().get();
        HostPhase own = injection.fault().phase();
        if (injection.state() == State.AHEAD
                && own != reported
                && HostPath.between(seen.phase(), reported, seen.journey()).contains(own)) {
            return Optional.of(own);
        }
        return injection.holdsAgent() && reported == HostPhase.DISCOVERED ? Optional.empty() : Optional.of(reported);
    }

    /**
     * The failure as the plan's doing, where it is: the host's own fault explains all that comes after it but what broke on our side
     * meanwhile. A sibling's explains why the host did not get on from {@code known}, where hosts wait for each other.
     *
     * @param seen when it failed
     */
    static Failure explained(Failure failure, HostObserved seen, ClusterSpec cluster, HostId host) {
        Optional<Injection> own = seen.injection().filter(Injection::injected);
        if (own.isPresent()) {
            boolean ours = failure.side() == Side.GENERATOR && !isItsDoing(failure, own.get());
            return ours ? failure : own.get().fault().explains(host, failure);
        }
        if (failure.side() == Side.GENERATOR || seen.phase().compareTo(HostPhase.KNOWN) < 0) {
            return failure;
        }
        return cluster.faults().entrySet().stream()
                .filter(sibling -> sibling.getKey() != host.index())
                .filter(sibling -> sibling.getValue().reachedBy(seen.phase()))
                .min(Comparator.comparing(sibling -> sibling.getKey()))
                .map(sibling -> sibling.getValue().explains(cluster.host(sibling.getKey()), failure))
                .orElse(failure);
    }

    /** Whether what broke on our side was broken by the fault itself. */
    private static boolean isItsDoing(Failure failure, Injection injection) {
        return injection.holdsAgent()
                || (injection.is(Fault.Kind.FAIL_INSTALLER) && failure.reason().equals(HostStep.INSTALLER_FAILED));
    }

    /** Agent states by which the service shows that it has noticed (reference, dry-run-agent.md 7.1 and 10.1). */
    private static Set<String> answers(Fault.Kind kind) {
        return switch (kind) {
            case NEVER_REGISTER -> Set.of();
            case VANISH -> Set.of("disconnected", "disconnected-unbound", "error", "cancelled");
            case RESTART ->
                Set.of("discovering", "discovering-unbound", "error", "cancelled", "installing-pending-user-action");
            case FAIL_INSTALLER -> Set.of("error", "cancelled", "installing-pending-user-action");
            case FAIL_VALIDATION -> Set.of("insufficient", "insufficient-unbound", "pending-for-input", "error");
        };
    }

    private static boolean hasGoneOn(HostObserved seen, Fault fault) {
        boolean rebooted = seen.phase() != HostPhase.DISCOVERED && seen.phase().compareTo(HostPhase.INSTALLING) > 0;
        boolean installerGone = fault.kind() == Fault.Kind.FAIL_INSTALLER
                && HostStep.reported(seen)
                        .filter(phase -> phase.compareTo(HostPhase.INSTALLING) > 0)
                        .isPresent();
        return rebooted || installerGone;
    }

    private static String stage(HostObserved seen) {
        return seen.agent().map(AgentState::stage).orElse("");
    }
}
