package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.protocol.SwarmId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which deleted swarms are to be forgotten: all but those that were deleted last. Not thread-safe: it belongs to one actor. */
final class Retention {
    private final int kept;

    /** In the order in which they were seen to be deleted. */
    private final Set<SwarmId> deleted = new LinkedHashSet<>();

    /** @param kept so many deleted swarms stay */
    Retention(int kept) {
        this.kept = kept;
    }

    /** Whether of so many swarms some may have to go. */
    boolean mayBeExceededBy(int swarms) {
        return swarms > kept;
    }

    /** Those that are to be forgotten. Each is spared once, so that whoever waits for its deletion sees the end of it. */
    List<SwarmId> look(List<SwarmView> swarms) {
        Set<SwarmId> now = swarms.stream()
                .filter(view -> view.state() == SwarmState.DELETED)
                .map(view -> new SwarmId(view.id()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        deleted.retainAll(now);
        List<SwarmId> over =
                deleted.stream().limit(Math.max(0, now.size() - kept)).toList();
        deleted.addAll(now);
        over.forEach(deleted::remove);
        return over;
    }
}
