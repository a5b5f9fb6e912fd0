package io.assistedswarm.rehearsal.kube;

import java.util.Optional;

/**
 * One change of one object.
 *
 * @param before the version that was replaced or removed
 * @param now the version written; for a removal the last state, with the version of the removal
 */
record StoreEvent(Optional<KubeObject> before, KubeObject now, boolean removal) {
    long version() {
        return now.version();
    }

    /** How the change looks to somebody who sees only part of the objects; empty if it does not concern him. */
    Optional<WatchEvent> seenBy(Selection selection) {
        boolean was = before.filter(selection::matches).isPresent();
        boolean is = !removal && selection.matches(now);
        if (is) {
            return Optional.of(new WatchEvent(was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, now));
        }
        // Who loses sight of an object is told its last state that he could see, as the real server does.
        return before.filter(old -> was)
                .map(old -> new WatchEvent(WatchEvent.Type.DELETED, removal ? now : old.withVersion(version())));
    }
}
