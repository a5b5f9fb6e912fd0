package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.worker.InfraEnvWords;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.hub.MachineState;
import java.util.Optional;

/** Decides a host's next step from what is observed, and from nothing else. */
final class HostStep {
    /** An agent that ended this often by itself is why its host did not get on; one that did so once may not be. */
    private static final int CRASHES_THAT_EXPLAIN = 3;

    /** Reason of a failure for which the installer itself is to blame. */
    static final String INSTALLER_FAILED = "InstallerFailed";

    private static final String INSTALLER_BROKE = "installation command failed";
    /** Agent state of a host that is fit and belongs to no cluster. */
    static final String POOLED = "known-unbound";

    private HostStep() {}

    static HostAction next(HostObserved seen) {
        Optional<HostAction> byFault = seen.phase() == HostPhase.STOPPED ? Optional.empty() : FaultStep.next(seen);
        HostAction next = byFault.orElseGet(() -> onItsPath(seen));
        return next instanceof HostAction.Await await ? withFault(await, seen) : next;
    }

    private static HostAction onItsPath(HostObserved seen) {
        if (seen.phase().endsBadly()) {
            return new HostAction.Await("");
        }
        Optional<Failure> refused = seen.told().userRefused().map(UserRefused::failure);
        if (refused.isPresent() && !seen.phase().isEnd() && !isBeyondItsEnd(seen)) {
            return new HostAction.Fail(refused.get());
        }
        if (isBroken(seen) && !seen.phase().isEnd() && !isBeyondItsEnd(seen)) {
            return new HostAction.Fail(
                    seen.mishap().explains(failureOf(seen.agent().orElseThrow())));
        }
        // Before it is taken for known: the cluster's installation begins when all its hosts are.
        if (seen.mustBeToldWhatToBe() && !seen.phase().isEnd()) {
            return HostAction.Bind.INSTANCE;
        }
        Optional<HostPhase> reported = reported(seen)
                .filter(phase -> HostPath.isAfter(phase, seen.phase(), seen.journey()))
                .flatMap(phase -> FaultStep.notBeyondFault(seen, phase));
        if (reported.isPresent()) {
            return new HostAction.Reach(reported.get(), detail(seen));
        }
        if (isDone(seen)) {
            return new HostAction.Mark(MachineState.PROVISIONED);
        }
        boolean vanished = seen.injection().filter(Injection::holdsAgent).isPresent();
        if (seen.mustRegisterAgain() && seen.process() == AgentProcess.RUNNING && !vanished) {
            return HostAction.Rejoin.INSTANCE;
        }
        return switch (seen.phase()) {
            case PLACED -> create(seen);
            case CREATED -> awaitImage(seen);
            case DOWNLOADING -> boot(seen);
            case BOOTED, REGISTERED, UNBOUND, KNOWN, DISCOVERED -> run(seen);
            case PREPARING, INSTALLING -> install(seen);
            case REBOOTING, JOINED -> afterReboot(seen);
            case INSTALLED, ADDED, FAILED, STOPPED, LOST -> new HostAction.Await("");
        };
    }

    private static HostAction.Await withFault(HostAction.Await await, HostObserved seen) {
        String fault = seen.injection().map(Injection::text).orElse("");
        return await.what().isEmpty() || fault.isEmpty() ? await : new HostAction.Await(await.what() + "; " + fault);
    }

    /** Why the host did not get further in time, from what was seen last. */
    static Failure timedOut(HostObserved seen, int crashes, String lastError) {
        String state = HostWords.lastSeen(seen) + (lastError.isEmpty() ? "" : "; last error: " + lastError);
        boolean held = seen.injection().filter(Injection::holdsAgent).isPresent();
        boolean down = !held && isDown(seen);
        if (down || (crashes >= CRASHES_THAT_EXPLAIN && seen.process() != AgentProcess.REBOOTED)) {
            return new Failure(
                    Side.GENERATOR, "AgentCrashed", "the agent ended " + crashes + " times by itself; " + state);
        }
        return switch (seen.phase()) {
            case PLACED ->
                new Failure(
                        Side.SERVICE,
                        hasIso(seen) ? "CreationTimeout" : "ImageTimeout",
                        (hasIso(seen) ? "the host's objects were not accepted in time; " : "no ISO in time; ") + state);
            case CREATED ->
                new Failure(
                        Side.SERVICE,
                        "ImageUrlTimeout",
                        "no " + HostWords.image(seen.journey()) + " in time; " + state);
            case DOWNLOADING -> notBooted(seen, state);
            case BOOTED ->
                new Failure(
                        Side.SERVICE,
                        "RegistrationTimeout",
                        (seen.journey().byHand() ? "it has not registered in time; " : "no Agent in time; ") + state);
            case REGISTERED ->
                new Failure(Side.SERVICE, "DiscoveryTimeout", "the host was not ready in time; " + state);
            case UNBOUND ->
                new Failure(
                        Side.SERVICE,
                        "BindingTimeout",
                        "the host was not ready in its cluster in time after it was bound; " + state);
            case KNOWN, PREPARING ->
                new Failure(Side.SERVICE, "PreparationTimeout", "its installation did not begin in time; " + state);
            case INSTALLING, REBOOTING, JOINED, INSTALLED, DISCOVERED, ADDED, FAILED, STOPPED, LOST ->
                new Failure(Side.SERVICE, "InstallationTimeout", "it was not installed in time; " + state);
        };
    }

    /**
     * Its agent runs, and what the service or time has to say of the host can have come of an agent that is not let in, at first or any
     * more.
     */
    static boolean mayBeShutOut(HostObserved seen, Failure failure) {
        return failure.side() == Side.SERVICE
                && seen.phase().compareTo(HostPhase.BOOTED) >= 0
                && !seen.phase().isEnd();
    }

    private static Failure notBooted(HostObserved seen, String state) {
        if (awaitsDeployment(seen)) {
            return new Failure(
                    Side.SERVICE, "DeployTimeout", "no spec.customDeploy at the BareMetalHost in time; " + state);
        }
        boolean downloaded = !seen.deeds().downloaded().isEmpty();
        return new Failure(
                downloaded ? Side.GENERATOR : Side.SERVICE,
                downloaded ? "BootTimeout" : "DownloadTimeout",
                "the ISO was not downloaded and booted in time; " + state);
    }

    private static HostAction create(HostObserved seen) {
        if (seen.journey().dayTwo() && !seen.told().clusterInstalled()) {
            return new HostAction.Await("the installation of its cluster, which it then joins");
        }
        if (!hasIso(seen)) {
            return new HostAction.Await(HostWords.infraEnvAwaited(seen));
        }
        if (!seen.deeds().created() && seen.machine().isEmpty()) {
            return HostAction.CreateHost.INSTANCE;
        }
        boolean converged = seen.journey().converged();
        if (seen.provisioning().isEmpty()) {
            return new HostAction.Mark(converged ? MachineState.INSPECTING : MachineState.READY);
        }
        if (converged && !seen.deeds().imageRequested() && seen.told().image().isEmpty()) {
            return HostAction.RequestImage.INSTANCE;
        }
        return new HostAction.Reach(
                HostPhase.CREATED,
                seen.journey().byHand()
                        ? "a machine that the service does not know yet"
                        : "BareMetalHost " + seen.provisioning());
    }

    private static HostAction awaitImage(HostObserved seen) {
        return seen.imageUrl().isEmpty()
                ? new HostAction.Await(HostWords.imageAwaited(seen))
                : new HostAction.Reach(HostPhase.DOWNLOADING, "the image is offered");
    }

    private static HostAction boot(HostObserved seen) {
        String url = seen.imageUrl();
        boolean converged = seen.journey().converged();
        boolean deployed = seen.isDeployed();
        if (url.isEmpty() && !(converged && deployed)) {
            return new HostAction.Await(HostWords.anotherImageAwaited(seen));
        }
        if (!deployed && !seen.deeds().downloaded().equals(url)) {
            return new HostAction.Download(url);
        }
        if (!deployed) {
            return converged ? deploy(seen) : new HostAction.MarkProvisioned(url);
        }
        return startOr(
                seen,
                new HostAction.Reach(
                        HostPhase.BOOTED,
                        seen.process() == AgentProcess.NOT_STARTED ? "without an agent" : "agent started"));
    }

    /** Converged flow: the machine has been inspected by way of the image, which goes on running. */
    private static HostAction deploy(HostObserved seen) {
        if (!seen.is(MachineState.AVAILABLE)) {
            return new HostAction.Mark(MachineState.AVAILABLE);
        }
        if (seen.rebootAsked()) {
            return HostAction.ConfirmReboot.INSTANCE;
        }
        return awaitsDeployment(seen)
                ? new HostAction.Await("spec.customDeploy of the BareMetalHost")
                : new HostAction.Mark(MachineState.PROVISIONING);
    }

    private static boolean awaitsDeployment(HostObserved seen) {
        return seen.journey().converged() && seen.is(MachineState.AVAILABLE) && !seen.toBeDeployed();
    }

    /**
     * The step by which the machine is deployed is over when its agent is (ironic-agent-image, hardware_manager/ironic_coreos_install.py,
     * start_assisted_install).
     */
    private static boolean isDone(HostObserved seen) {
        return seen.journey().converged()
                && seen.process() == AgentProcess.REBOOTED
                && seen.is(MachineState.PROVISIONING);
    }

    private static HostAction run(HostObserved seen) {
        if (lostItsImage(seen)) {
            return HostAction.TakeDown.INSTANCE;
        }
        if (!seen.isDeployed() && seen.needsAgent() && seen.machine().isPresent()) {
            return boot(seen);
        }
        boolean toBind = seen.journey().lateBinding()
                && seen.phase() == HostPhase.UNBOUND
                && seen.agentState().equals(POOLED)
                && !seen.deeds().bound();
        if (seen.mustBeToldToInstall() && seen.phase() == HostPhase.KNOWN) {
            return startOr(seen, HostAction.Install.INSTANCE);
        }
        return startOr(seen, toBind ? HostAction.Bind.INSTANCE : new HostAction.Await(HostWords.awaited(seen)));
    }

    private static HostAction install(HostObserved seen) {
        if (isBeyondItsEnd(seen)) {
            return new HostAction.Await(HostWords.awaited(seen));
        }
        // The service fails a host that registers again now, so there is nothing that another agent could go on with.
        if (seen.phase() == HostPhase.INSTALLING && seen.process() == AgentProcess.NOT_STARTED) {
            return lost(seen, Failure.WORKER_LOST, "the worker that ran its agent was lost");
        }
        if (seen.phase() == HostPhase.INSTALLING && isDown(seen) && !isRestartedByFault(seen)) {
            return lost(seen, Failure.AGENT_LOST, "its agent ended by itself");
        }
        return startOr(seen, new HostAction.Await(HostWords.awaited(seen)));
    }

    private static HostAction lost(HostObserved seen, String reason, String what) {
        return new HostAction.Fail(new Failure(
                Side.GENERATOR, reason, what + " while the service was installing it; " + HostWords.lastSeen(seen)));
    }

    private static boolean isDown(HostObserved seen) {
        return seen.process() == AgentProcess.BROKEN_OFF || seen.process() == AgentProcess.DUE;
    }

    /** The plan wants to see what the service makes of it. */
    private static boolean isRestartedByFault(HostObserved seen) {
        return seen.injection()
                .filter(fault -> fault.is(Fault.Kind.RESTART) && fault.injected())
                .isPresent();
    }

    private static HostAction afterReboot(HostObserved seen) {
        return seen.needsAgent() ? HostAction.MakeMarker.INSTANCE : new HostAction.Await(HostWords.awaited(seen));
    }

    private static HostAction startOr(HostObserved seen, HostAction whenRunning) {
        if (!seen.needsAgent()) {
            return whenRunning;
        }
        return seen.told().accessKnown()
                ? HostAction.StartAgent.INSTANCE
                : new HostAction.Await(InfraEnvWords.idAwaited(seen.journey().byHand()));
    }

    /**
     * The service clears or changes {@code spec.image} when the InfraEnv's image has changed, and leaves detached machines alone.
     * Before the installation the host is booted again; later that would fail it. In the converged flow it takes {@code
     * spec.customDeploy} back, or asks for a reboot.
     */
    private static boolean lostItsImage(HostObserved seen) {
        boolean attached = seen.machine().isPresent()
                && !seen.machine().map(BareMetalHostState::detached).orElse(false);
        if (seen.journey().converged()) {
            return attached && seen.isDeployed() && (!seen.toBeDeployed() || seen.rebootAsked());
        }
        return attached
                && seen.isDeployed()
                && !seen.deeds().downloaded().isEmpty()
                && !seen.imageUrl().equals(seen.deeds().downloaded());
    }

    /** The furthest phase that the service or the marker tells of. */
    static Optional<HostPhase> reported(HostObserved seen) {
        Journey journey = seen.journey();
        Optional<HostPhase> byAgent = seen.agent().map(agent -> phaseOf(agent, journey));
        boolean rebooted = seen.process() == AgentProcess.REBOOTED;
        Optional<HostPhase> furthest = rebooted
                        && byAgent.filter(phase -> HostPath.isAfter(phase, HostPhase.REBOOTING, journey))
                                .isEmpty()
                ? Optional.of(HostPhase.REBOOTING)
                : byAgent;
        // Further than its reboot a day-2 host cannot come where the service waits for its node in the cluster's own
        // API.
        return furthest.map(phase ->
                journey.dayTwo() && !HostPath.isAfter(HostPhase.REBOOTING, phase, journey) ? HostPhase.ADDED : phase);
    }

    private static HostPhase phaseOf(AgentState agent, Journey journey) {
        return switch (agent.state()) {
            case "known" -> HostPhase.KNOWN;
            case "preparing-for-installation", "preparing-successful" ->
                journey.dayTwo() ? HostPhase.KNOWN : HostPhase.PREPARING;
            case "installing", "installing-in-progress", "installing-pending-user-action" ->
                phaseOfStage(agent.stage(), journey);
            case "installed", "added-to-existing-cluster" -> journey.dayTwo() ? HostPhase.ADDED : HostPhase.INSTALLED;
            default -> journey.startsUnbound() && isPastThePool(agent.state()) ? pool(journey) : HostPhase.REGISTERED;
        };
    }

    /** It is in the pool and can be bound, or has been bound already. */
    private static boolean isPastThePool(String state) {
        return switch (state) {
            case POOLED, "binding", "discovering", "insufficient", "pending-for-input", "disconnected", "unbinding" ->
                true;
            default -> false;
        };
    }

    private static HostPhase pool(Journey journey) {
        return journey.infraEnvOnly() ? HostPhase.DISCOVERED : HostPhase.UNBOUND;
    }

    private static boolean isBeyondItsEnd(HostObserved seen) {
        return HostPath.isBeyondItsEnd(seen.phase(), seen.journey());
    }

    private static HostPhase phaseOfStage(String stage, Journey journey) {
        return switch (stage) {
            case "Rebooting", "Configuring" -> HostPhase.REBOOTING;
            case "Joined", "Done" -> journey.dayTwo() ? HostPhase.ADDED : HostPhase.JOINED;
            default -> HostPhase.INSTALLING;
        };
    }

    static boolean isBroken(HostObserved seen) {
        return seen.agent()
                .filter(agent -> agent.state().equals("error") || agent.state().equals("cancelled"))
                .isPresent();
    }

    /**
     * When an installer fails for a reason of the service's, it tells it by stage Failed before it ends. Where the service only knows
     * that its command failed (assisted-service, internal/host HandleInstallationFailure), the installer itself broke.
     */
    private static Failure failureOf(AgentState agent) {
        if (agent.state().equals("error") && agent.stateInfo().contains(INSTALLER_BROKE)) {
            return new Failure(
                    Side.GENERATOR,
                    INSTALLER_FAILED,
                    "the installer ended with an error that it did not tell the service of; its log says more; the service says: "
                            + agent.stateInfo());
        }
        return new Failure(
                Side.SERVICE,
                agent.state().equals("error") ? Failure.HOST_ERROR : "HostCancelled",
                "the service says: " + (agent.stateInfo().isEmpty() ? agent.state() : agent.stateInfo()));
    }

    private static boolean hasIso(HostObserved seen) {
        return seen.infraEnv()
                .filter(infraEnv -> !infraEnv.isoDownloadUrl().isEmpty())
                .isPresent();
    }

    private static String detail(HostObserved seen) {
        return seen.agent()
                .map(agent -> agent.stage().isEmpty() ? agent.state() : agent.state() + ", " + agent.stage())
                .orElse("reboot marker");
    }
}
