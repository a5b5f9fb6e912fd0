package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.worker.hub.MachineState;

/** What a host does next. */
sealed interface HostAction {
    /**
     * Nothing until something else is observed.
     *
     * @param what in words; empty when there is nothing more to come
     */
    record Await(String what) implements HostAction {}

    /** The host is now in this phase. */
    record Reach(HostPhase phase, String detail) implements HostAction {}

    record Fail(Failure failure) implements HostAction {}

    /** Applies the host's manifests. */
    enum CreateHost implements HostAction {
        INSTANCE
    }

    /** Converged flow: creates the PreprovisioningImage. */
    enum RequestImage implements HostAction {
        INSTANCE
    }

    /** Writes the BareMetalHost's state. */
    record Mark(MachineState state) implements HostAction {}

    /** The image is no longer the one that was booted: ends the agent, then offers the machine for another image. */
    enum TakeDown implements HostAction {
        INSTANCE
    }

    /** Converged flow: the image that has just been booted is the one that the service wanted booted. */
    enum ConfirmReboot implements HostAction {
        INSTANCE
    }

    record Download(String url) implements HostAction {}

    /** The image has been written to the machine. */
    record MarkProvisioned(String url) implements HostAction {}

    enum StartAgent implements HostAction {
        INSTANCE
    }

    /** Tells the service which cluster the discovered host belongs to, and as what. */
    enum Bind implements HostAction {
        INSTANCE
    }

    /** Tells the service to install the host, which joins an installed cluster. */
    enum Install implements HostAction {
        INSTANCE
    }

    /**
     * Ends the agent, so that it is started again and registers again. The service waits for that when a host changes hands, and the real
     * agent's dry-run mode does not do it by itself (assisted-installer-agent, src/next_step_runner/main.go).
     */
    enum Rejoin implements HostAction {
        INSTANCE
    }

    /** Does to the host what its fault asks for. */
    record Misbehave(Fault fault) implements HostAction {}

    /** Undoes what its fault did to the host: its time is up. */
    record Recover(Fault fault) implements HostAction {}

    /** Something has happened around the host's fault. */
    record Note(FaultEvent event, String detail) implements HostAction {}

    /** The host rebooted under an earlier actor: its siblings look for the marker here. */
    enum MakeMarker implements HostAction {
        INSTANCE
    }
}
