package io.assistedswarm.worker.host;

import static io.assistedswarm.worker.Samples.ISO;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.hub.MachineState;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bare metal by PreprovisioningImages (reference, cr-lifecycle.md 7.4). */
class ConvergedStepTest {
    private static final HostId HOST = Samples.singleNode().host(0);
    private static final Journey CONVERGED = new Journey(false, false, false, false, true, false);
    private static final Journey DAY_TWO = new Journey(false, false, true, false, true, false);
    private static final String OTHER_ISO = ISO + "?v=2";
    private static final String TOO_NEW = "Waiting for InfraEnv image to cool down";

    @Test
    void createsTheMachineHasItInspectedAndRequestsItsImage() {
        HostObserved seen = placed();
        assertThat(HostStep.next(seen)).isEqualTo(HostAction.CreateHost.INSTANCE);
        seen = seen.withCreated();
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Mark(MachineState.INSPECTING));
        seen = seen.withWritten(MachineState.INSPECTING);
        assertThat(HostStep.next(seen)).isEqualTo(HostAction.RequestImage.INSTANCE);
        assertThat(reached(seen.withImageRequested())).isEqualTo(HostPhase.CREATED);
    }

    @Test
    void doesNotRequestAnImageAgainThatAnEarlierActorHasRequested() {
        HostObserved seen = placed().withMachine(machine("inspecting", "")).withImage(image("", TOO_NEW));
        assertThat(reached(seen)).isEqualTo(HostPhase.CREATED);
    }

    @Test
    void waitsUntilTheImageIsReadyWhateverTheMachineSays() {
        HostObserved created = created();
        assertThat(awaited(created)).isEqualTo("the image of its PreprovisioningImage");
        assertThat(awaited(created.withImage(image("", TOO_NEW))))
                .isEqualTo("the image of its PreprovisioningImage: " + TOO_NEW);
        assertThat(awaited(created.withMachine(Samples.machine(HOST, "inspecting", ISO))))
                .isEqualTo("the image of its PreprovisioningImage");
        assertThat(reached(created.withImage(image(ISO, "")))).isEqualTo(HostPhase.DOWNLOADING);
    }

    @Test
    void inspectsTheMachineByTheImageAndDeploysItOnceTheServiceWantsIt() {
        HostObserved seen = downloading();
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Download(ISO));
        seen = seen.withDownloaded(ISO);
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Mark(MachineState.AVAILABLE));
        seen = seen.withWritten(MachineState.AVAILABLE);
        assertThat(awaited(seen)).isEqualTo("spec.customDeploy of the BareMetalHost");
        assertThat(awaited(seen.withMachine(machine("available", "install_coreos"))))
                .isEqualTo("spec.customDeploy of the BareMetalHost");
        seen = seen.withMachine(machine("available", "start_assisted_install"));
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Mark(MachineState.PROVISIONING));
        seen = seen.withWritten(MachineState.PROVISIONING);
        assertThat(HostStep.next(seen)).isEqualTo(HostAction.StartAgent.INSTANCE);
        assertThat(reached(seen.withAgentStarted())).isEqualTo(HostPhase.BOOTED);
    }

    @Test
    void bootsAnotherImageThatComesBeforeTheDeployment() {
        HostObserved available = downloading().withDownloaded(ISO).withWritten(MachineState.AVAILABLE);
        assertThat(awaited(available.withImage(image("", TOO_NEW))))
                .isEqualTo("another image of its PreprovisioningImage: " + TOO_NEW);
        assertThat(HostStep.next(available.withImage(image(OTHER_ISO, ""))))
                .isEqualTo(new HostAction.Download(OTHER_ISO));
    }

    @Test
    void goesOnWithADeploymentOfAnEarlierActor() {
        HostObserved seen = placed().withMachine(machine("provisioning", "start_assisted_install"))
                .withImage(image(ISO, ""))
                .withPhase(HostPhase.DOWNLOADING);
        assertThat(HostStep.next(seen)).isEqualTo(HostAction.StartAgent.INSTANCE);
        assertThat(HostStep.next(seen.withImage(image("", TOO_NEW)))).isEqualTo(HostAction.StartAgent.INSTANCE);
    }

    @Test
    void bootsAMachineAgainWhenTheServiceAsksForItAndConfirmsIt() {
        HostObserved running = running(HostPhase.KNOWN)
                .withImage(image(OTHER_ISO, ""))
                .withMachine(new BareMetalHostState(HOST, "provisioning", "", false, "start_assisted_install", true));
        assertThat(HostStep.next(running)).isEqualTo(HostAction.TakeDown.INSTANCE);
        HostObserved down =
                running.withWritten(MachineState.AVAILABLE).withDownloaded("").withProcess(AgentProcess.NOT_STARTED);
        assertThat(HostStep.next(down)).isEqualTo(new HostAction.Download(OTHER_ISO));
        HostObserved booted = down.withDownloaded(OTHER_ISO);
        assertThat(HostStep.next(booted)).isEqualTo(HostAction.ConfirmReboot.INSTANCE);
        assertThat(HostStep.next(booted.withRebooted())).isEqualTo(new HostAction.Mark(MachineState.PROVISIONING));
        assertThat(HostStep.next(running.withPhase(HostPhase.INSTALLING))).isInstanceOf(HostAction.Await.class);
    }

    @Test
    void leavesAMachineAloneThatIsBeingDeployedWhenItsImageChanges() {
        HostObserved running = running(HostPhase.KNOWN);
        assertThat(HostStep.next(running.withImage(image(OTHER_ISO, "")))).isInstanceOf(HostAction.Await.class);
        assertThat(HostStep.next(running.withImage(image("", TOO_NEW)))).isInstanceOf(HostAction.Await.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = HostPhase.class,
            names = {"BOOTED", "REGISTERED", "KNOWN"})
    void takesAMachineDownThatIsNoLongerToBeDeployedAndDeploysItAgain(HostPhase phase) {
        HostObserved undeployed = running(phase).withMachine(machine("provisioning", ""));
        assertThat(HostStep.next(undeployed)).isEqualTo(HostAction.TakeDown.INSTANCE);
        HostObserved down = undeployed
                .withWritten(MachineState.AVAILABLE)
                .withDownloaded("")
                .withProcess(AgentProcess.NOT_STARTED);
        assertThat(HostStep.next(down)).isEqualTo(new HostAction.Download(ISO));
        assertThat(awaited(down.withDownloaded(ISO))).isEqualTo("spec.customDeploy of the BareMetalHost");
    }

    @Test
    void isProvisionedOnceItsAgentIsDone() {
        HostObserved done = running(HostPhase.REBOOTING).withProcess(AgentProcess.REBOOTED);
        assertThat(HostStep.next(done)).isEqualTo(new HostAction.Mark(MachineState.PROVISIONED));
        assertThat(HostStep.next(done.withWritten(MachineState.PROVISIONED))).isInstanceOf(HostAction.Await.class);
    }

    @Test
    void tellsOfTheRebootBeforeItWritesItAndADayTwoHostWritesItAtItsEnd() {
        HostObserved done = running(HostPhase.INSTALLING).withProcess(AgentProcess.REBOOTED);
        assertThat(reached(done)).isEqualTo(HostPhase.REBOOTING);
        HostObserved added = HostObserved.atStart(DAY_TWO, Optional.empty())
                .withWritten(MachineState.PROVISIONING)
                .withProcess(AgentProcess.REBOOTED)
                .withPhase(HostPhase.ADDED);
        assertThat(HostStep.next(added)).isEqualTo(new HostAction.Mark(MachineState.PROVISIONED));
    }

    @Test
    void saysWhatDidNotComeInTime() {
        assertThat(HostStep.timedOut(created().withImage(image("", TOO_NEW)), 0, ""))
                .extracting(Failure::side, Failure::reason)
                .containsExactly(Side.SERVICE, "ImageUrlTimeout");
        assertThat(HostStep.timedOut(
                                created().withMachine(machine("inspecting", "")).withImage(image("", TOO_NEW)), 0, "")
                        .message())
                .isEqualTo("no image in its PreprovisioningImage in time; BareMetalHost 'inspecting', no image: "
                        + TOO_NEW + ", no Agent");
        assertThat(HostStep.timedOut(downloading().withDownloaded(ISO).withWritten(MachineState.AVAILABLE), 0, ""))
                .extracting(Failure::side, Failure::reason)
                .containsExactly(Side.SERVICE, "DeployTimeout");
    }

    private static HostObserved placed() {
        return HostObserved.atStart(CONVERGED, Optional.empty()).withInfraEnv(Samples.withIso(), true);
    }

    private static HostObserved created() {
        return placed().withCreated()
                .withWritten(MachineState.INSPECTING)
                .withImageRequested()
                .withPhase(HostPhase.CREATED);
    }

    private static HostObserved downloading() {
        return created().withImage(image(ISO, "")).withPhase(HostPhase.DOWNLOADING);
    }

    private static HostObserved running(HostPhase phase) {
        return downloading()
                .withDownloaded(ISO)
                .withWritten(MachineState.PROVISIONING)
                .withMachine(machine("provisioning", "start_assisted_install"))
                .withProcess(AgentProcess.RUNNING)
                .withPhase(phase);
    }

    private static BareMetalHostState machine(String state, String deployMethod) {
        return new BareMetalHostState(HOST, state, "", false, deployMethod, false);
    }

    private static PreprovisioningImageState image(String url, String message) {
        return new PreprovisioningImageState(HOST, url, message);
    }

    private static String awaited(HostObserved seen) {
        assertThat(HostStep.next(seen)).isInstanceOf(HostAction.Await.class);
        return ((HostAction.Await) HostStep.next(seen)).what();
    }

    private static HostPhase reached(HostObserved seen) {
        assertThat(HostStep.next(seen)).isInstanceOf(HostAction.Reach.class);
        return ((HostAction.Reach) HostStep.next(seen)).phase();
    }
}
