package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import java.util.Optional;

/**
 * All that a host's next step depends on.
 *
 * @param phase the furthest one reached
 * @param created this actor has applied the host's manifests
 * @param written the state that this actor itself has written last: the watch's echo of it comes later
 * @param downloaded URL of the image that this actor has downloaded completely; empty before
 * @param accessKnown the InfraEnv's id can be told, so that an agent can be started
 * @param bound this actor has asked the service to bind the host to its cluster
 * @param clusterInstalled the cluster that a day-2 host is to join is there
 * @param injection the fault that the plan asks of the host
 */
record HostObserved(
        Journey journey,
        HostPhase phase,
        Optional<InfraEnvState> infraEnv,
        Optional<BareMetalHostState> machine,
        Optional<AgentState> agent,
        boolean created,
        Written written,
        String downloaded,
        boolean accessKnown,
        AgentProcess process,
        boolean bound,
        boolean clusterInstalled,
        Optional<Injection> injection) {

    /** What this actor wrote last to the BareMetalHost's status. */
    enum Written {
        NOTHING,
        READY,
        AVAILABLE,
        PROVISIONED
    }

    /** The agent's process, as this actor knows it. */
    enum AgentProcess {
        /** Not by this actor. */
        NOT_STARTED,
        RUNNING,
        /** Runs, and was started while the service waited for the host to register again. */
        REJOINED,
        /** Ended without having rebooted; it is started again after a while. */
        BROKEN_OFF,
        /** That while is over. */
        DUE,
        /** Ended with the reboot marker there: the end of every good agent. */
        REBOOTED
    }

    static HostObserved atStart(Journey journey, Optional<Fault> fault) {
        return new HostObserved(
                journey,
                HostPhase.PLACED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Written.NOTHING,
                "",
                false,
                AgentProcess.NOT_STARTED,
                false,
                false,
                fault.map(Injection::of));
    }

    String imageUrl() {
        return machine.map(BareMetalHostState::imageUrl).orElse("");
    }

    /** The state of the BareMetalHost: what was written last, or what an earlier actor of the host wrote. */
    String provisioning() {
        return switch (written) {
            case NOTHING -> machine.map(BareMetalHostState::provisioningState).orElse("");
            case READY -> "ready";
            case AVAILABLE -> "available";
            case PROVISIONED -> "provisioned";
        };
    }

    boolean needsAgent() {
        boolean never =
                injection.filter(fault -> fault.is(Fault.Kind.NEVER_REGISTER)).isPresent();
        return !never && (process == AgentProcess.NOT_STARTED || process == AgentProcess.DUE);
    }

    boolean isProvisioned() {
        return provisioning().equals("provisioned");
    }

    HostObserved withPhase(HostPhase next) {
        return new HostObserved(
                journey,
                next,
                infraEnv,
                machine,
                agent,
                created,
                written,
                downloaded,
                accessKnown,
                process,
                bound,
                clusterInstalled,
                injection);
    }

    HostObserved withInfraEnv(InfraEnvState next, boolean nextAccessKnown) {
        return new HostObserved(
                journey,
                phase,
                Optional.of(next),
                machine,
                agent,
                created,
                written,
                downloaded,
                nextAccessKnown,
                process,
                bound,
                clusterInstalled,
                injection);
    }

    HostObserved withMachine(BareMetalHostState next) {
        return new HostObserved(
                journey,
                phase,
                infraEnv,
                Optional.of(next),
                agent,
                created,
                written,
                downloaded,
                accessKnown,
                process,
                bound,
                clusterInstalled,
                injection);
    }

    HostObserved withAgent(AgentState next) {
        HostObserved seen = new HostObserved(
                journey,
                phase,
                infraEnv,
                machine,
                Optional.of(next),
                created,
                written,
                downloaded,
                accessKnown,
                process,
                bound,
                clusterInstalled,
                injection);
        // It has registered again: the next time that it changes hands it has to do so anew.
        return process == AgentProcess.REJOINED && !seen.mustRegisterAgain()
                ? seen.withProcess(AgentProcess.RUNNING)
                : seen;
    }

    HostObserved withCreated() {
        return new HostObserved(
                journey,
                phase,
                infraEnv,
                machine,
                agent,
                true,
                written,
                downloaded,
                accessKnown,
                process,
                bound,
                clusterInstalled,
                injection);
    }

    HostObserved withWritten(Written next) {
        return new HostObserved(
                journey,
                phase,
                infraEnv,
                machine,
                agent,
                created,
                next,
                downloaded,
                accessKnown,
                process,
                bound,
                clusterInstalled,
                injection);
    }

    HostObserved withDownloaded(String url) {
        return new HostObserved(
                journey,
                phase,
                infraEnv,
                machine,
                agent,
                created,
                written,
                url,
                accessKnown,
                process,
                bound,
                clusterInstalled,
                injection);
    }

    HostObserved withProcess(AgentProcess next) {
        return new HostObserved(
                journey,
                phase,
                infraEnv,
                machine,
                agent,
                created,
                written,
                downloaded,
                accessKnown,
                next,
                bound,
                clusterInstalled,
                injection);
    }

    HostObserved withInjection(Injection next) {
        return new HostObserved(
                journey,
                phase,
                infraEnv,
                machine,
                agent,
                created,
                written,
                downloaded,
                accessKnown,
                process,
                bound,
                clusterInstalled,
                Optional.of(next));
    }

    /** Its process has just been started. */
    HostObserved withAgentStarted() {
        return withProcess(mustRegisterAgain() ? AgentProcess.REJOINED : AgentProcess.RUNNING);
    }

    HostObserved withBound() {
        return new HostObserved(
                journey,
                phase,
                infraEnv,
                machine,
                agent,
                created,
                written,
                downloaded,
                accessKnown,
                process,
                true,
                clusterInstalled,
                injection);
    }

    HostObserved withClusterInstalled() {
        return new HostObserved(
                journey,
                phase,
                infraEnv,
                machine,
                agent,
                created,
                written,
                downloaded,
                accessKnown,
                process,
                bound,
                true,
                injection);
    }

    /** The host changes hands: the service tells its agent to exit, and takes it in when it registers again. */
    boolean mustRegisterAgain() {
        return agentState().equals("binding") || agentState().equals("unbinding");
    }

    String agentState() {
        return agent.map(AgentState::state).orElse("");
    }
}
