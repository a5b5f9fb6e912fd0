package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

/** Swarms that have left objects on the hub and no record, by their label. */
final class OrphanSwarms {
    private OrphanSwarms() {}

    /** Blocks. */
    static List<OrphanView> find(KubernetesClient client, Predicate<SwarmId> known)
            throws InterruptedException, ExecutionException {
        KindCatalog catalog = KindCatalog.ofAllSwarms(client);
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        catalog.objects()
                .forEach((kind, objects) -> objects.forEach(object -> counts.computeIfAbsent(
                                object.getLabels().get(Labels.SWARM), unused -> new TreeMap<>())
                        .merge(kind.kind(), 1L, Long::sum)));
        List<OrphanView> orphans = new ArrayList<>();
        counts.forEach((swarm, objects) -> {
            // A label that no swarm can have is somebody else's.
            if (SwarmId.isValid(swarm) && !known.test(new SwarmId(swarm))) {
                orphans.add(new OrphanView(swarm, objects, false, Optional.empty()));
            }
        });
        return orphans;
    }
}
