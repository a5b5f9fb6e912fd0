package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Fault;
import io.assistedswarm.worker.Child;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.process.AgentRuntime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Does to a host's agent what a fault asks for, and undoes it. Answers with what has become of the host. */
record Saboteur(Child agent) {
    CompletionStage<UnaryOperator<HostObserved>> begin(Fault fault) {
        return switch (fault.kind()) {
            case VANISH -> agent.suspend().thenApply(still -> UnaryOperator.identity());
            case RESTART -> agent.kill().thenApply(gone -> now -> now.withProcess(AgentProcess.BROKEN_OFF));
            case FAIL_INSTALLER ->
                agent.killDescendants(AgentRuntime.INSTALLERS).thenApply(Saboteur::killed);
            case NEVER_REGISTER, FAIL_VALIDATION -> throw new IllegalArgumentException("nothing to be done: " + fault);
        };
    }

    CompletionStage<UnaryOperator<HostObserved>> end(Fault fault) {
        return fault.kind() == Fault.Kind.RESTART
                ? CompletableFuture.completedFuture(Saboteur::startAgain)
                : agent.resume().thenApply(goesOn -> UnaryOperator.identity());
    }

    private static UnaryOperator<HostObserved> killed(int count) {
        if (count == 0) {
            throw new IllegalStateException("there is no process of an installer to be killed");
        }
        return UnaryOperator.identity();
    }

    /** Unless another agent has been started meanwhile, because the machine was booted again. */
    private static HostObserved startAgain(HostObserved now) {
        return now.process() == AgentProcess.BROKEN_OFF ? now.withProcess(AgentProcess.DUE) : now;
    }
}
