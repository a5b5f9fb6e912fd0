package io.assistedswarm.rehearsal.kube;

/** Empties namespaces that are being deleted and lets them go when nothing is left in them. */
final class NamespaceSweeper implements AutoCloseable {
    private final ObjectStore store;
    private final Deletion deletion;
    private final WorkQueue<String> queue;

    NamespaceSweeper(ObjectStore store, Deletion deletion) {
        this.store = store;
        this.deletion = deletion;
        this.queue = new WorkQueue<>("kube-namespace-sweeper", this::sweep);
        store.observe(this::onChange);
    }

    @Override
    public void close() {
        queue.close();
    }

    private void onChange(StoreEvent event) {
        var object = event.now();
        if (object.type().isNamespace()) {
            if (object.terminating()) {
                queue.add(object.key().name());
            }
        } else if (object.type().namespaced()) {
            boolean created = event.before().isEmpty();
            if ((created || event.removal()) && !isAlive(object.key().namespace())) {
                // A creation may have passed the check of its namespace just before the deletion.
                queue.add(object.key().namespace());
            }
        }
    }

    private boolean isAlive(String namespace) {
        return store.shelf(store.catalog().namespaces())
                .get(new ObjectKey("", namespace))
                .filter(found -> !found.terminating())
                .isPresent();
    }

    private void sweep(String namespace) {
        if (isAlive(namespace)) {
            return;
        }
        int left = 0;
        for (var shelf : store.shelves()) {
            if (shelf.type().namespaced()) {
                for (var object : shelf.list(Selection.inNamespace(namespace))) {
                    left += isGoneAfterDelete(shelf, object) ? 0 : 1;
                }
            }
        }
        if (left == 0) {
            store.shelf(store.catalog().namespaces())
                    .get(new ObjectKey("", namespace))
                    .ifPresent(deletion::finishNamespace);
        }
    }

    private boolean isGoneAfterDelete(Shelf shelf, KubeObject object) {
        if (object.terminating()) {
            return false;
        }
        try {
            return deletion.delete(shelf.type(), object.key(), Deletion.Options.BACKGROUND)
                    .gone();
        } catch (StatusFailure alreadyGone) {
            if (alreadyGone.code() != 404) {
                throw alreadyGone;
            }
            return true;
        }
    }
}
