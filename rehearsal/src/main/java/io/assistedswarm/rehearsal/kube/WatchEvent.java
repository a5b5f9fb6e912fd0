package io.assistedswarm.rehearsal.kube;

/** What one watcher is told. */
record WatchEvent(Type type, KubeObject object) {
    enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }
}
