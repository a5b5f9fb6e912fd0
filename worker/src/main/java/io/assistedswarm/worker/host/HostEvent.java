package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
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
     * The service has been asked as the agent would.
     *
     * @param late why the host failed, if it is not for this
     * @param byItsOwnToken the service itself has given the token
     * @param refusal empty if it lets it in, or if that cannot be found out
     */
    record AskedAsAgent(int generation, Failure late, boolean byItsOwnToken, Optional<String> refusal)
            implements HostEvent {}

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
