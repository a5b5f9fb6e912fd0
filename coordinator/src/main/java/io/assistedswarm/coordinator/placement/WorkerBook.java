package io.assistedswarm.coordinator.placement;

import io.assistedswarm.coordinator.placement.Admission.Grant;
import io.assistedswarm.coordinator.placement.Placer.Share;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which berths of which worker hold which cluster. Not thread-safe: it belongs to one actor. */
final class WorkerBook {
    private final Map<WorkerName, Page> pages = new TreeMap<>();

    /** Never forgotten, so that no berth is given twice. */
    private final Map<WorkerName, Integer> lastBerth = new LinkedHashMap<>();

    private record Berthed(ClusterId cluster, int hosts, boolean holds) {}

    private static final class Page {
        private int capacity;
        private int incarnation;
        private boolean open = true;
        private final Map<BerthId, Berthed> taken = new LinkedHashMap<>();
    }

    /** @param incarnation uid of its actor, which every place that it gets from now on ends with */
    void reported(WorkerName worker, int capacity, int incarnation) {
        Page page = pages.computeIfAbsent(worker, name -> new Page());
        page.capacity = capacity;
        page.incarnation = incarnation;
    }

    /** A place that a cluster has had since before this coordinator; the worker gets nothing new until it is heard of. */
    void occupy(Placement place, ClusterId cluster, boolean holds) {
        Page page = pages.computeIfAbsent(place.worker(), name -> {
            Page fresh = new Page();
            fresh.open = false;
            return fresh;
        });
        page.taken.put(place.berth(), new Berthed(cluster, place.hostCount(), holds));
        remember(place);
    }

    /** A berth that an earlier coordinator has given: its number is not given again. */
    void remember(Placement place) {
        lastBerth.merge(place.worker(), place.berth().number(), Math::max);
    }

    /** Where the cluster has places. */
    Set<WorkerName> workersOf(ClusterId cluster) {
        Set<WorkerName> workers = new TreeSet<>();
        pages.forEach((name, page) -> {
            if (page.taken.values().stream()
                    .anyMatch(berthed -> berthed.cluster().equals(cluster))) {
                workers.add(name);
            }
        });
        return workers;
    }

    /** Whether the worker may get something new. */
    void open(WorkerName worker, boolean open) {
        pages.computeIfPresent(worker, (name, page) -> {
            page.open = open;
            return page;
        });
    }

    Set<ClusterId> clustersOn(WorkerName worker) {
        Page page = pages.get(worker);
        return page == null
                ? Set.of()
                : page.taken.values().stream().map(Berthed::cluster).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The cluster leaves the place for another one. */
    void giveBack(ClusterId cluster, Placement place) {
        Page page = pages.get(place.worker());
        if (page != null) {
            page.taken.computeIfPresent(
                    place.berth(), (berth, berthed) -> berthed.cluster().equals(cluster) ? null : berthed);
        }
    }

    /** The clusters that had places there. */
    Set<ClusterId> lost(WorkerName worker) {
        Page page = pages.remove(worker);
        Set<ClusterId> clusters = new TreeSet<>();
        if (page != null) {
            page.taken.values().forEach(berthed -> clusters.add(berthed.cluster()));
        }
        return clusters;
    }

    /** Of the workers that may get something new. */
    Collection<Room> rooms() {
        return pages.entrySet().stream()
                .filter(entry -> entry.getValue().open)
                .map(entry -> room(entry.getKey(), entry.getValue()))
                .toList();
    }

    int used(WorkerName worker) {
        Page page = pages.get(worker);
        return page == null ? 0 : room(worker, page).used();
    }

    /** Of the swarm, there. */
    int hosts(SwarmId swarm, WorkerName worker) {
        Page page = pages.get(worker);
        return page == null
                ? 0
                : page.taken.values().stream()
                        .filter(berthed -> berthed.cluster().swarm().equals(swarm))
                        .mapToInt(Berthed::hosts)
                        .sum();
    }

    List<Placement> take(Grant grant) {
        List<Placement> placements = new ArrayList<>();
        int firstHost = grant.request().firstHost();
        for (Share share : grant.shares()) {
            Page page = pages.get(share.worker());
            BerthId berth = newBerth(share.worker(), page.incarnation);
            page.taken.put(
                    berth,
                    new Berthed(
                            grant.request().cluster(),
                            share.hosts(),
                            grant.request().holds()));
            placements.add(new Placement(berth, share.worker(), firstHost, share.hosts(), 1, page.incarnation));
            firstHost += share.hosts();
        }
        return List.copyOf(placements);
    }

    /** Berths of a lost worker are gone with it. */
    void release(ClusterId cluster) {
        for (Page page : pages.values()) {
            page.taken.values().removeIf(berthed -> berthed.cluster().equals(cluster));
        }
    }

    /** With the worker's start in its name: two names of workers may differ only in what an entity id cannot have. */
    private BerthId newBerth(WorkerName worker, int incarnation) {
        return new BerthId("%s-%s-%d"
                .formatted(
                        worker.value().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-"),
                        Integer.toUnsignedString(incarnation, Character.MAX_RADIX),
                        lastBerth.merge(worker, 1, Integer::sum)));
    }

    private static Room room(WorkerName worker, Page page) {
        return new Room(
                worker,
                page.capacity,
                page.taken.values().stream().mapToInt(Berthed::hosts).sum(),
                page.taken.values().stream()
                        .filter(Berthed::holds)
                        .mapToInt(Berthed::hosts)
                        .sum());
    }
}
