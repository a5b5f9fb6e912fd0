package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** On which workers a swarm is open: each is told of it before its first cluster comes, and to forget it when it is deleted. */
final class OpenWorkers {
    private final SwarmSpec swarm;
    private final Errands errands;
    private final Map<WorkerName, ActorRef<WorkerCommand>> asked = new HashMap<>();
    private final Map<WorkerName, ActorRef<WorkerCommand>> opened = new HashMap<>();
    private final Map<WorkerName, ActorRef<WorkerCommand>> closing = new HashMap<>();

    /** @param lastError what it said last */
    record NotClosed(WorkerName worker, String lastError) {}

    OpenWorkers(SwarmSpec swarm, Errands errands) {
        this.swarm = swarm;
        this.errands = errands;
    }

    /** Opens it where it is not open yet; whether it is open on all of them now. */
    boolean open(Map<WorkerName, ActorRef<WorkerCommand>> workers, Instant now) {
        boolean all = true;
        for (var worker : workers.entrySet()) {
            if (!worker.getValue().equals(opened.get(worker.getKey()))) {
                all = false;
                asked.put(worker.getKey(), worker.getValue());
                errands.send(
                        new Errand.OpenSwarm(worker.getKey()),
                        worker.getValue(),
                        replyTo -> new WorkerCommand.OpenSwarm(swarm, replyTo),
                        now);
            }
        }
        return all;
    }

    void opened(WorkerName worker) {
        opened.put(worker, asked.get(worker));
    }

    void lost(WorkerName worker) {
        opened.remove(worker);
        errands.drop(new Errand.OpenSwarm(worker)::equals);
    }

    void close(Map<WorkerName, ActorRef<WorkerCommand>> workers, Instant now) {
        workers.forEach((name, worker) -> {
            closing.put(name, worker);
            errands.close(new Errand.CloseSwarm(name), worker, swarm.id(), now);
        });
    }

    void closed(WorkerName worker) {
        opened.remove(worker);
    }

    /** Whether it is this start of the worker that has been told to forget it. */
    boolean isClosing(WorkerName name, ActorRef<WorkerCommand> worker) {
        return worker.equals(closing.get(name));
    }

    /** Workers that have not confirmed to have forgotten it. */
    List<NotClosed> notClosed(Duration after, Instant now) {
        return errands.olderThan(after, now).stream()
                .filter(overdue -> overdue.errand() instanceof Errand.CloseSwarm)
                .map(overdue -> new NotClosed(((Errand.CloseSwarm) overdue.errand()).worker(), overdue.lastError()))
                .toList();
    }

    boolean allClosed() {
        return !errands.anyOf(Errand.CloseSwarm.class::isInstance);
    }

    void giveUpClosing(WorkerName worker) {
        errands.drop(new Errand.CloseSwarm(worker)::equals);
    }
}
