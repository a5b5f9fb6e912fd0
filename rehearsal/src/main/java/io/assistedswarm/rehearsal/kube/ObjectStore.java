package io.assistedswarm.rehearsal.kube;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A shelf per kind and the one sequence of versions. */
final class ObjectStore {
    private final ResourceCatalog catalog;
    private final Map<ResourceType, Shelf> shelves = new LinkedHashMap<>();
    private final List<Consumer<StoreEvent>> observers = new CopyOnWriteArrayList<>();

    ObjectStore(ResourceCatalog catalog, KubeApiSettings settings) {
        this.catalog = catalog;
        var versions = new AtomicLong(settings.firstVersion());
        for (var type : catalog.all()) {
            shelves.put(type, new Shelf(type, settings, versions, this::tell));
        }
    }

    ResourceCatalog catalog() {
        return catalog;
    }

    Shelf shelf(ResourceType type) {
        return shelves.get(type);
    }

    Iterable<Shelf> shelves() {
        return shelves.values();
    }

    /** @param observer is called on the writer's thread after each change; must not block */
    void observe(Consumer<StoreEvent> observer) {
        observers.add(observer);
    }

    private void tell(StoreEvent event) {
        observers.forEach(observer -> observer.accept(event));
    }
}
