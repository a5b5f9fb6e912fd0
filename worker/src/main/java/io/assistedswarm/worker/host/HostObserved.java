package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.worker.hub.MachineState;
import java.util.Optional;
import java.util.Set;

/**
 * All that a host's next step depends on.
 *
 * @param phase the furthest one reached
 * @param injection the fault that the plan asks of the host
 * @param mishap that the service may still hold against the host
 */
record HostObserved(
        Journey journey,
        HostPhase phase,
        Told told,
        Deeds deeds,
        AgentProcess process,
        Optional<Injection> injection,
        Mishap mishap) {

    /** By which the agent is deployed (assisted-service, internal/controller/controllers/bmh_agent_controller.go). */
    private static final String DEPLOY_METHOD = "start_assisted_install";

    /** Agent states of a host that has registered and is not being installed. */
    private static final Set<String> TAKEN_IN = Set.of(
            "discovering",
            "insufficient",
            "pending-for-input",
            "known",
            "discovering-unbound",
            "insufficient-unbound",
            "known-unbound");

    /**
     * What others say of the host.
     *
     * @param accessKnown the InfraEnv's id can be told, so that an agent can be started
     * @param image its PreprovisioningImage; only in the converged flow
     * @param clusterInstalled the cluster that a day-2 host is to join is there
     * @param userRefused nothing more will be seen of it
     */
    record Told(
            Optional<InfraEnvState> infraEnv,
            boolean accessKnown,
            Optional<BareMetalHostState> machine,
            Optional<PreprovisioningImageState> image,
            Optional<AgentState> agent,
            boolean clusterInstalled,
            Optional<UserRefused> userRefused) {
        private static final Told NOTHING = new Told(
                Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    /**
     * What this actor itself has done at the hub: the watch's echo of it comes later.
     *
     * @param created it has applied the host's manifests
     * @param imageRequested it has applied the PreprovisioningImage
     * @param written the state of the BareMetalHost that it has written last
     * @param downloaded URL of the image that it has downloaded completely; empty before
     * @param bound it has told the service which cluster the host belongs to, and as what
     * @param installationAsked it has told the service to install the host
     */
    record Deeds(
            boolean created,
            boolean imageRequested,
            Optional<MachineState> written,
            String downloaded,
            boolean bound,
            boolean installationAsked) {
        private static final Deeds NONE = new Deeds(false, false, Optional.empty(), "", false, false);
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

    /**
     * What befell the host on our side last.
     *
     * @param over the service has since been seen to take the host in again, as far as can be told: what is seen may be older than what
     *     happened
     */
    record Mishap(Kind kind, boolean over) {
        static final Mishap NONE = of(Kind.NONE);

        /**
         * What the service says of a host that registers again while it is installed, whatever was seen of it before
         * (assisted-service, internal/host/transition.go, PostRegisterDuringInstallation).
         */
        private static final String RESTARTED = "unexpectedly restarted during the installation";

        enum Kind {
            NONE("", ""),
            PLACED_AGAIN(Failure.WORKER_LOST, "it came from a lost or drained worker"),
            AGENT_DIED(Failure.AGENT_LOST, "its agent ended by itself");

            private final String reason;
            private final String what;

            Kind(String reason, String what) {
                this.reason = reason;
                this.what = what;
            }
        }

        static Mishap of(Kind kind) {
            return new Mishap(kind, false);
        }

        private Mishap settled() {
            return new Mishap(kind, true);
        }

        private Optional<Failure> failure() {
            return kind == Kind.NONE
                    ? Optional.empty()
                    : Optional.of(new Failure(Failure.Side.GENERATOR, kind.reason, kind.what));
        }

        /** What the service says of the host, as what came of it. */
        Failure explains(Failure said) {
            if (kind == Kind.NONE || (over && !said.message().contains(RESTARTED))) {
                return said;
            }
            return said.causedBy(new Failure(
                    Failure.Side.GENERATOR,
                    kind.reason,
                    kind.what + (over ? "" : ", and the service had not yet been seen to take it in again")));
        }
    }

    static HostObserved atStart(Journey journey, Optional<Fault> fault) {
        return new HostObserved(
                journey,
                HostPhase.PLACED,
                Told.NOTHING,
                Deeds.NONE,
                AgentProcess.NOT_STARTED,
                fault.map(Injection::of),
                Mishap.NONE);
    }

    Optional<InfraEnvState> infraEnv() {
        return told.infraEnv();
    }

    Optional<BareMetalHostState> machine() {
        return told.machine();
    }

    Optional<AgentState> agent() {
        return told.agent();
    }

    /** What the machine is to be booted from; empty as long as nothing is offered. */
    String imageUrl() {
        return journey.converged()
                ? told.image().map(PreprovisioningImageState::imageUrl).orElse("")
                : machine().map(BareMetalHostState::imageUrl).orElse("");
    }

    /** Converged flow: the service wants the machine booted again, as its image has changed. */
    boolean rebootAsked() {
        return machine().filter(BareMetalHostState::rebootAsked).isPresent();
    }

    /** Converged flow: the service wants the agent to be started. */
    boolean toBeDeployed() {
        return machine()
                .filter(state -> state.deployMethod().equals(DEPLOY_METHOD))
                .isPresent();
    }

    /** The state of the BareMetalHost: what was written last, or what an earlier actor of the host wrote. */
    String provisioning() {
        return deeds.written()
                .map(MachineState::wireName)
                .or(() -> machine().map(BareMetalHostState::provisioningState))
                .orElse("");
    }

    boolean is(MachineState state) {
        return provisioning().equals(state.wireName());
    }

    /** The image runs on the machine, and its agent may. */
    boolean isDeployed() {
        return is(MachineState.PROVISIONED) || (journey.converged() && is(MachineState.PROVISIONING));
    }

    /** What befell it on our side, as long as the service takes it for one that is not installed: so it may not be, with its cluster. */
    Optional<Failure> setback() {
        return TAKEN_IN.contains(agentState()) ? mishap.failure() : Optional.empty();
    }

    boolean needsAgent() {
        boolean never =
                injection.filter(fault -> fault.is(Fault.Kind.NEVER_REGISTER)).isPresent();
        return !never && (process == AgentProcess.NOT_STARTED || process == AgentProcess.DUE);
    }

    /** It has registered, is not being installed, and nobody has told the service yet what it is to be; later it is told with its cluster. */
    boolean mustBeToldWhatToBe() {
        return journey.byHand() && !journey.lateBinding() && !deeds.bound() && TAKEN_IN.contains(agentState());
    }

    /** It is known, and its cluster waits for it: the service begins nothing by itself. */
    boolean mustBeToldToInstall() {
        return journey.byHand()
                && journey.dayTwo()
                && !deeds.installationAsked()
                && agentState().equals("known");
    }

    /** The host changes hands: the service tells its agent to exit, and takes it in when it registers again. */
    boolean mustRegisterAgain() {
        return agentState().equals("binding") || agentState().equals("unbinding");
    }

    String agentState() {
        return agent().map(AgentState::state).orElse("");
    }

    HostObserved withPhase(HostPhase next) {
        return new HostObserved(journey, next, told, deeds, process, injection, mishap);
    }

    HostObserved withInfraEnv(InfraEnvState next, boolean accessKnown) {
        return with(new Told(
                Optional.of(next),
                accessKnown,
                machine(),
                told.image(),
                agent(),
                told.clusterInstalled(),
                told.userRefused()));
    }

    HostObserved withMachine(BareMetalHostState next) {
        return with(new Told(
                infraEnv(),
                told.accessKnown(),
                Optional.of(next),
                told.image(),
                agent(),
                told.clusterInstalled(),
                told.userRefused()));
    }

    HostObserved withRebooted() {
        return machine()
                .map(now -> withMachine(new BareMetalHostState(
                        now.host(),
                        now.provisioningState(),
                        now.imageUrl(),
                        now.detached(),
                        now.deployMethod(),
                        false)))
                .orElse(this);
    }

    HostObserved withImage(PreprovisioningImageState next) {
        return with(new Told(
                infraEnv(),
                told.accessKnown(),
                machine(),
                Optional.of(next),
                agent(),
                told.clusterInstalled(),
                told.userRefused()));
    }

    HostObserved withAgent(AgentState next) {
        HostObserved seen = with(new Told(
                infraEnv(),
                told.accessKnown(),
                machine(),
                told.image(),
                Optional.of(next),
                told.clusterInstalled(),
                told.userRefused()));
        // What was told before is told again, and is no answer to a registration.
        boolean takenIn = hasAgent() && !agent().equals(Optional.of(next)) && TAKEN_IN.contains(next.state());
        HostObserved settled = takenIn ? seen.withMishap(mishap.settled()) : seen;
        // It has registered again: the next time that it changes hands it has to do so anew.
        return process == AgentProcess.REJOINED && !settled.mustRegisterAgain()
                ? settled.withProcess(AgentProcess.RUNNING)
                : settled;
    }

    private boolean hasAgent() {
        return process == AgentProcess.RUNNING || process == AgentProcess.REJOINED;
    }

    HostObserved withClusterInstalled() {
        return with(
                new Told(infraEnv(), told.accessKnown(), machine(), told.image(), agent(), true, told.userRefused()));
    }

    HostObserved withUserRefused(UserRefused next) {
        return with(new Told(
                infraEnv(),
                told.accessKnown(),
                machine(),
                told.image(),
                agent(),
                told.clusterInstalled(),
                Optional.of(next)));
    }

    HostObserved withCreated() {
        return with(new Deeds(
                true,
                deeds.imageRequested(),
                deeds.written(),
                deeds.downloaded(),
                deeds.bound(),
                deeds.installationAsked()));
    }

    HostObserved withImageRequested() {
        return with(new Deeds(
                deeds.created(), true, deeds.written(), deeds.downloaded(), deeds.bound(), deeds.installationAsked()));
    }

    HostObserved withWritten(MachineState next) {
        return with(new Deeds(
                deeds.created(),
                deeds.imageRequested(),
                Optional.of(next),
                deeds.downloaded(),
                deeds.bound(),
                deeds.installationAsked()));
    }

    HostObserved withDownloaded(String url) {
        return with(new Deeds(
                deeds.created(),
                deeds.imageRequested(),
                deeds.written(),
                url,
                deeds.bound(),
                deeds.installationAsked()));
    }

    HostObserved withBound() {
        return with(new Deeds(
                deeds.created(),
                deeds.imageRequested(),
                deeds.written(),
                deeds.downloaded(),
                true,
                deeds.installationAsked()));
    }

    HostObserved withInstallationAsked() {
        return with(new Deeds(
                deeds.created(), deeds.imageRequested(), deeds.written(), deeds.downloaded(), deeds.bound(), true));
    }

    HostObserved withProcess(AgentProcess next) {
        return new HostObserved(journey, phase, told, deeds, next, injection, mishap);
    }

    /** Without having been asked to, and before it was through. */
    HostObserved withAgentDied() {
        return withProcess(AgentProcess.BROKEN_OFF).withMishap(Mishap.of(Mishap.Kind.AGENT_DIED));
    }

    /** The marker is there: nothing more is wanted from the host. */
    HostObserved withRebootMarked() {
        return withProcess(AgentProcess.REBOOTED).withMishap(Mishap.NONE);
    }

    HostObserved withMishap(Mishap next) {
        return new HostObserved(journey, phase, told, deeds, process, injection, next);
    }

    /** Its process has just been started. */
    HostObserved withAgentStarted() {
        return withProcess(mustRegisterAgain() ? AgentProcess.REJOINED : AgentProcess.RUNNING);
    }

    HostObserved withInjection(Injection next) {
        return new HostObserved(journey, phase, told, deeds, process, Optional.of(next), mishap);
    }

    private HostObserved with(Told next) {
        return new HostObserved(journey, phase, next, deeds, process, injection, mishap);
    }

    private HostObserved with(Deeds next) {
        return new HostObserved(journey, phase, told, next, process, injection, mishap);
    }
}
