package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.Child;
import io.assistedswarm.worker.Diary;
import io.assistedswarm.worker.Equipment;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.hub.Hub;
import io.assistedswarm.worker.hub.MachineState;
import io.assistedswarm.worker.image.Images;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.Processes.Running;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.pekko.Done;

/** Carries out what {@link HostStep} has decided for a host: at the hub, with its image, with its agent's process. */
record Technician(HostId host, Equipment equipment, Child agent, Diary diary) {
    /** What has come of an action. */
    sealed interface Outcome {
        /**
         * @param change what is known now that it is done
         * @param note for the diary; empty for none
         */
        record Changed(UnaryOperator<HostObserved> change, String note) implements Outcome {}

        /** @param change what the fault made of the host */
        record Faulted(FaultEvent event, UnaryOperator<HostObserved> change) implements Outcome {}

        /** The agent's process is there, and whoever hears of it has to end it one day. */
        record Started(Running agent) implements Outcome {}
    }

    /**
     * An action under way.
     *
     * @param cancel gives it up; empty if it has to be waited for
     */
    record Attempt(CompletionStage<Outcome> outcome, Optional<Runnable> cancel) {}

    /** @throws IllegalStateException if the action is none that is carried out */
    Attempt perform(HostAction action, Assignment assignment, SwarmSpec swarm, HostObserved seen) {
        return switch (action) {
            case HostAction.CreateHost create ->
                change(
                        hub(assignment, swarm).createHost(swarm, assignment.cluster(), host),
                        HostObserved::withCreated,
                        seen.journey().byHand() ? "" : "BareMetalHost applied");
            case HostAction.RequestImage request ->
                change(
                        hub(assignment, swarm).requestImage(host),
                        HostObserved::withImageRequested,
                        "PreprovisioningImage applied");
            case HostAction.Mark mark -> mark(hub(assignment, swarm), mark.state(), "", seen);
            case HostAction.MarkProvisioned mark ->
                mark(hub(assignment, swarm), MachineState.PROVISIONED, mark.url(), seen);
            case HostAction.Download download -> download(download.url(), swarm);
            case HostAction.TakeDown takeDown -> takeDown(hub(assignment, swarm), seen);
            case HostAction.ConfirmReboot confirm ->
                change(hub(assignment, swarm).confirmReboot(host), HostObserved::withRebooted, "");
            case HostAction.Bind bind ->
                change(
                        hub(assignment, swarm).bindHost(assignment.cluster(), host),
                        HostObserved::withBound,
                        "bound to its cluster");
            case HostAction.Install install ->
                change(
                        hub(assignment, swarm).installHost(host),
                        HostObserved::withInstallationAsked,
                        "its installation is asked for");
            case HostAction.Rejoin rejoin -> rejoin(seen);
            case HostAction.StartAgent startAgent -> startAgent(assignment, swarm, seen);
            case HostAction.MakeMarker make -> makeMarker();
            case HostAction.Misbehave misbehave ->
                fault(FaultEvent.INJECTED, new Saboteur(agent).begin(misbehave.fault()));
            case HostAction.Recover recover -> fault(FaultEvent.OVER, new Saboteur(agent).end(recover.fault()));
            case HostAction.Note none -> throw new IllegalStateException("not work: " + none);
            case HostAction.Await none -> throw new IllegalStateException("not work: " + none);
            case HostAction.Reach none -> throw new IllegalStateException("not work: " + none);
            case HostAction.Fail none -> throw new IllegalStateException("not work: " + none);
        };
    }

    private Attempt download(String url, SwarmSpec swarm) {
        Images.Download download = equipment.images().download(url, swarm.service());
        return new Attempt(
                download.result()
                        .thenApply(done -> new Outcome.Changed(
                                now -> now.withDownloaded(url),
                                "ISO downloaded: " + done.bytes() + " bytes in "
                                        + done.took().toMillis() + " ms")),
                Optional.of(download::cancel));
    }

    private Hub hub(Assignment assignment, SwarmSpec swarm) {
        return equipment.hubs().of(swarm, assignment.cluster());
    }

    /** Where there are no objects of machines, nobody is to read of one. */
    private Attempt mark(Hub hub, MachineState state, String imageUrl, HostObserved seen) {
        return change(
                hub.mark(host, state, imageUrl),
                now -> now.withWritten(state),
                seen.journey().byHand() ? "" : "BareMetalHost " + state.wireName());
    }

    private Attempt takeDown(Hub hub, HostObserved seen) {
        diary.note("the service has changed or taken back the image: the machine is booted again");
        CompletionStage<Done> down = agent.stop();
        if (seen.journey().converged() && !seen.toBeDeployed()) {
            down = down.thenCompose(done -> hub.mark(host, MachineState.DEPROVISIONING, ""));
        }
        return change(
                down.thenCompose(done -> hub.mark(host, MachineState.AVAILABLE, "")),
                now -> now.withWritten(MachineState.AVAILABLE)
                        .withDownloaded("")
                        .withProcess(AgentProcess.NOT_STARTED),
                seen.journey().byHand() ? "" : "BareMetalHost available");
    }

    private Attempt rejoin(HostObserved seen) {
        diary.note("Agent " + seen.agentState() + ": its agent has to register again");
        return change(agent.stop(), now -> now.withProcess(AgentProcess.NOT_STARTED), "");
    }

    private Attempt startAgent(Assignment assignment, SwarmSpec swarm, HostObserved seen) {
        InfraEnvAccess access = seen.infraEnv()
                .flatMap(state -> InfraEnvAccess.of(state, swarm.service()))
                .orElseThrow();
        Order order = new Order(swarm, assignment.cluster(), access, assignment.generationOf(host));
        return new Attempt(
                equipment.runtime().startAgent(host, order).thenApply(Outcome.Started::new), Optional.empty());
    }

    private Attempt makeMarker() {
        return change(
                CompletableFuture.runAsync(() -> equipment.markers().makeMarker(host), equipment.files()),
                HostObserved::withRebootMarked,
                "reboot marker made again");
    }

    private static Attempt change(CompletionStage<?> done, UnaryOperator<HostObserved> change, String note) {
        return new Attempt(done.thenApply(any -> new Outcome.Changed(change, note)), Optional.empty());
    }

    private static Attempt fault(FaultEvent event, CompletionStage<UnaryOperator<HostObserved>> done) {
        return new Attempt(done.thenApply(change -> new Outcome.Faulted(event, change)), Optional.empty());
    }
}
