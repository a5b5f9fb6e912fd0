package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.worker.host.Technician.Outcome;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import java.util.Optional;

/** What a host's actor is told, by others or by itself. */
sealed interface HostEvent {
    record Told(HostCommand command) implements HostEvent {}

    record WorkDone(long work, Outcome outcome) implements HostEvent {}

    record WorkFailed(long work, Throwable failure) implements HostEvent {}

    record RetryDue(long work) implements HostEvent {}

    record AgentEnded(Running agent, Exit exit, boolean rebooted) implements HostEvent {}

    /**
     * The service has been asked whether it lets the host's agent in.
     *
     * @param phase of the host when it was asked
     * @param why the host failed, all considered
     */
    record AskedAsAgent(int generation, HostPhase phase, Failure why) implements HostEvent {}

    record MarkerTried(HostId sibling, Optional<Throwable> failure) implements HostEvent {}

    enum Timer implements HostEvent {
        RETRY,
        RESTART,
        FAULT,
        DEADLINE,
        HEARTBEAT,
        UNSTARTED
    }

    /** No process of the host is left. */
    enum Released implements HostEvent {
        INSTANCE
    }
}
