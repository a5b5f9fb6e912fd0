package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.hub.Kinds;
import io.assistedswarm.protocol.BareMetalFlow;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that a swarm does on the hub, in any namespace.
 *
 * @param group empty for the core group
 * @param resource plural
 * @param subresource empty for the object itself
 */
record Right(String verb, String group, String resource, String subresource) {
    static final Right EVERYTHING = new Right("*", "*", "*", "");

    /** All that coordinator and workers do: apply, watch and delete; what is in a namespace goes with it, the rest by itself. */
    static List<Right> needed(BareMetalFlow flow) {
        List<Right> needed = new ArrayList<>();
        for (Kinds kind : Kinds.of(flow)) {
            verbs(kind).forEach(verb -> needed.add(new Right(verb, kind.group(), kind.plural(), "")));
        }
        needed.add(new Right("patch", Kinds.BARE_METAL_HOST.group(), Kinds.BARE_METAL_HOST.plural(), "status"));
        return List.copyOf(needed);
    }

    /** As RBAC names it. */
    String target() {
        return resource + (subresource.isEmpty() ? "" : "/" + subresource) + (group.isEmpty() ? "" : "." + group);
    }

    private static List<String> verbs(Kinds kind) {
        return switch (kind) {
            case AGENT -> List.of("list", "watch");
            case NMSTATE_CONFIG, SECRET, AGENT_CLUSTER_INSTALL -> List.of("create", "patch", "list", "watch");
            case CLUSTER_DEPLOYMENT, INFRA_ENV, BARE_METAL_HOST, PREPROVISIONING_IMAGE, NAMESPACE, CLUSTER_IMAGE_SET ->
                List.of("create", "patch", "delete", "list", "watch");
        };
    }
}
