package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Has each new stage of a host's installation recorded, when the service first names it. Not thread-safe: it belongs to one actor. */
final class Stages {
    private final Chronicle chronicle;
    private final Map<HostId, String> last = new HashMap<>();

    Stages(Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    /** What an earlier coordinator has had recorded, in the order of time: the service names the last one again. */
    void remember(List<Change.StageSeen> recorded) {
        recorded.forEach(seen -> last.put(seen.host(), seen.stage()));
    }

    void see(AgentState agent, Instant now) {
        if (!agent.stage().isEmpty() && !agent.stage().equals(last.put(agent.host(), agent.stage()))) {
            chronicle.save(new Change.StageSeen(agent.host(), agent.stage(), now));
        }
    }
}
