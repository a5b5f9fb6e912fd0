package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * All objects of one kind, the last changes to them, and who watches them.
 *
 * <p>The lock is held for map operations only, never while an object is computed, written as text or sent. Versions are drawn under it, so
 * a list with version v holds exactly the changes of this kind up to v.
 */
final class Shelf {
    private final ResourceType type;
    private final KubeApiSettings settings;
    private final AtomicLong versions;
    private final Consumer<StoreEvent> observer;

    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<ObjectKey, KubeObject> objects = new TreeMap<>();
    /** "label=value" to what carries it. */
    private final Map<String, NavigableMap<ObjectKey, KubeObject>> byLabel = new HashMap<>();

    private final Deque<StoreEvent> history = new ArrayDeque<>();
    private final Set<Watcher> watchers = new LinkedHashSet<>();
    /** Changes up to this version are no longer known. */
    private long forgottenVersion;

    /** @param more whether the limit cut the list */
    record Page(List<KubeObject> objects, long version, boolean more, int remaining) {}

    /** @param observer is called after each change, without the lock */
    Shelf(ResourceType type, KubeApiSettings settings, AtomicLong versions, Consumer<StoreEvent> observer) {
        this.type = type;
        this.settings = settings;
        this.versions = versions;
        this.observer = observer;
        this.forgottenVersion = versions.get() - 1;
    }

    ResourceType type() {
        return type;
    }

    Optional<KubeObject> get(ObjectKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(objects.get(key));
        } finally {
            lock.unlock();
        }
    }

    /** Stores a new object; empty if the name is taken. */
    Optional<KubeObject> create(ObjectNode tree) {
        StoreEvent event;
        lock.lock();
        try {
            if (objects.containsKey(type.keyOf(tree))) {
                return Optional.empty();
            }
            event = new StoreEvent(Optional.empty(), draw(tree), false);
            publish(event);
        } finally {
            lock.unlock();
        }
        observer.accept(event);
        return Optional.of(event.now());
    }

    /** Puts {@code tree} in the place of {@code expected}; empty if something else is there by now. */
    Optional<KubeObject> replace(KubeObject expected, ObjectNode tree) {
        return change(expected, tree, false);
    }

    /** Removes {@code expected}, of which {@code last} is the last state; empty if something else is there by now. */
    Optional<KubeObject> remove(KubeObject expected, ObjectNode last) {
        return change(expected, last, true);
    }

    /** Objects in the order of their keys. */
    Page list(Selection selection, Optional<ObjectKey> after, int limit) {
        lock.lock();
        try {
            var found = new ArrayList<KubeObject>();
            int remaining = 0;
            for (var object : candidates(selection, after)) {
                if (selection.matches(object)) {
                    if (found.size() < limit) {
                        found.add(object);
                    } else {
                        remaining++;
                    }
                }
            }
            return new Page(found, versions.get(), remaining > 0, remaining);
        } finally {
            lock.unlock();
        }
    }

    List<KubeObject> list(Selection selection) {
        return list(selection, Optional.empty(), Integer.MAX_VALUE).objects();
    }

    /**
     * Starts a watch.
     *
     * @param since the version after which changes are wanted; if empty, all objects are told as added first
     * @return empty if the changes since then are no longer known
     */
    Optional<Watcher> watch(Selection selection, OptionalLong since) {
        lock.lock();
        try {
            var backlog = new ArrayList<WatchEvent>();
            if (since.isEmpty()) {
                candidates(selection, Optional.empty()).stream()
                        .filter(selection::matches)
                        .forEach(object -> backlog.add(new WatchEvent(WatchEvent.Type.ADDED, object)));
            } else if (since.getAsLong() < forgottenVersion) {
                return Optional.empty();
            } else {
                for (var event : history) {
                    if (event.version() > since.getAsLong()) {
                        event.seenBy(selection).ifPresent(backlog::add);
                    }
                }
            }
            long start = Math.max(versions.get(), since.orElse(0));
            var watcher = new Watcher(this, selection, backlog, start, settings.watchQueue());
            watchers.add(watcher);
            return Optional.of(watcher);
        } finally {
            lock.unlock();
        }
    }

    /** A version up to which the watcher has been told everything; empty while something is on its way. */
    OptionalLong settledVersion(Watcher watcher) {
        lock.lock();
        try {
            return watcher.isIdle()
                    ? OptionalLong.of(Math.max(versions.get(), watcher.startVersion()))
                    : OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    void forget(Watcher watcher) {
        lock.lock();
        try {
            watchers.remove(watcher);
        } finally {
            lock.unlock();
        }
    }

    void cutOffWatchers() {
        lock.lock();
        try {
            watchers.forEach(Watcher::cutOff);
        } finally {
            lock.unlock();
        }
    }

    private Optional<KubeObject> change(KubeObject expected, ObjectNode tree, boolean removal) {
        StoreEvent event;
        lock.lock();
        try {
            if (objects.get(expected.key()) != expected) {
                return Optional.empty();
            }
            event = new StoreEvent(Optional.of(expected), draw(tree), removal);
            publish(event);
        } finally {
            lock.unlock();
        }
        expected.superseded();
        observer.accept(event);
        return Optional.of(event.now());
    }

    private KubeObject draw(ObjectNode tree) {
        long version = versions.incrementAndGet();
        Json.child(tree, "metadata").put("resourceVersion", Long.toString(version));
        return new KubeObject(type, tree, version);
    }

    private void publish(StoreEvent event) {
        event.before().ifPresent(old -> {
            objects.remove(old.key());
            indexed(old).forEach(entry -> {
                var carriers = byLabel.get(entry);
                carriers.remove(old.key());
                if (carriers.isEmpty()) {
                    byLabel.remove(entry);
                }
            });
        });
        if (!event.removal()) {
            objects.put(event.now().key(), event.now());
            indexed(event.now())
                    .forEach(entry -> byLabel.computeIfAbsent(entry, e -> new TreeMap<>())
                            .put(event.now().key(), event.now()));
        }
        history.addLast(event);
        if (history.size() > settings.history()) {
            forgottenVersion = history.removeFirst().version();
        }
        watchers.forEach(watcher -> watcher.offer(event));
    }

    private List<String> indexed(KubeObject object) {
        return object.labels().entrySet().stream()
                .filter(e -> settings.indexedLabels().contains(e.getKey()))
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
    }

    /** The smallest set known that holds all objects of the selection. */
    private Collection<KubeObject> candidates(Selection selection, Optional<ObjectKey> after) {
        var from = objects;
        for (var label : settings.indexedLabels()) {
            var value = selection.labels().exactly(label);
            if (value.isPresent()) {
                var carriers = byLabel.getOrDefault(label + "=" + value.get(), new TreeMap<>());
                from = carriers.size() <= from.size() ? carriers : from;
            }
        }
        if (!selection.namespace().isEmpty()) {
            // \0 sorts before every character of a name, so this is the first key beyond the namespace.
            from = from.subMap(
                    new ObjectKey(selection.namespace(), ""),
                    true,
                    new ObjectKey(selection.namespace() + "\0", ""),
                    false);
        }
        return after.isPresent() ? from.tailMap(after.get(), false).values() : from.values();
    }
}
