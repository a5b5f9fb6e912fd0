package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.FieldOwnership.FieldManager;
import java.time.Instant;

/** Server-side apply: lays a manager's configuration over an object and keeps the books of who owns what. */
final class ServerSideApply {
    private final ResourceType type;
    private final FieldManager manager;
    private final boolean force;
    private final Instant now;

    ServerSideApply(ResourceType type, FieldManager manager, boolean force, Instant now) {
        this.type = type;
        this.manager = manager;
        this.force = force;
        this.now = now;
    }

    /**
     * @param live the object as it is, or only its identity if it does not exist
     * @param applied the configuration without what the subresource in question ignores
     */
    ObjectNode apply(ObjectNode live, ObjectNode applied) {
        var ownership = FieldOwnership.of(live);
        var wanted = FieldOwnership.ownable(applied);
        var owned = wanted.isEmpty() ? FieldSet.EMPTY : FieldPaths.of(type.schema(), wanted);
        var differing = FieldPaths.changed(type.schema(), FieldOwnership.ownable(live), wanted)
                .and(owned);
        var conflicts = ownership.conflicts(manager, differing);
        if (!conflicts.isEmpty() && !force) {
            throw StatusFailure.fieldConflicts(conflicts);
        }
        var dropped = ownership.ownedBy(manager).sparing(owned.plus(ownership.ownedByOthers(manager)));
        var kept = live.deepCopy();
        FieldPaths.remove(type.schema(), kept, dropped);
        var merged = (ObjectNode) FieldPaths.merge(type.schema(), kept, wanted);
        ownership
                .after(manager, type.apiVersion(), owned, differing.plus(dropped), now)
                .writeTo(merged);
        return merged;
    }
}
