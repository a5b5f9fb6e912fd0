package io.assistedswarm.coordinator.hub.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.hub.AtATime;
import io.assistedswarm.coordinator.hub.rest.Inventory.Entry;
import io.assistedswarm.coordinator.hub.rest.RestCalls.NotDone;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what a swarm has at one service: its clusters, which take their hosts with them, then what is left of hosts, then the infra-envs, which
 * the service keeps as long as they have hosts. Reads the lists again until nothing is left or the time is up, so that what came late
 * goes, too. Blocks; may be interrupted and repeated.
 */
final class RestDeletion {
    static final String CLUSTER = "Cluster (REST)";
    static final String INFRA_ENV = "InfraEnv (REST)";
    static final String HOST = "Host (REST)";
    private static final Logger LOG = LoggerFactory.getLogger(RestDeletion.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int NAMED_AT_MOST = 20;
    private static final int NOT_FOUND = 404;

    /** While it is installed the service does not let go of a cluster; its preparation may end at any moment. */
    private static final Set<String> CANCELLED_FIRST =
            Set.of("preparing-for-installation", "installing", "installing-pending-user-action");

    private final RestCalls service;
    private final SwarmId swarm;
    private final Instant until;
    private final Optional<DeletionView> before;
    private final Consumer<DeletionView> progress;
    private final Map<String, Set<String>> seen = new LinkedHashMap<>();
    private final Map<String, Set<String>> left = new LinkedHashMap<>();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    RestDeletion(
            RestCalls service,
            SwarmId swarm,
            Duration deadline,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress) {
        this.service = service;
        this.swarm = swarm;
        this.until = Instant.now().plus(deadline);
        this.before = before;
        this.progress = progress;
        for (String kind : List.of(CLUSTER, INFRA_ENV, HOST)) {
            seen.put(kind, ConcurrentHashMap.newKeySet());
            left.put(kind, Set.of());
        }
    }

    /** @throws ExecutionException if what is left could not be read to the end */
    DeletionView run() throws InterruptedException, ExecutionException {
        Duration pause = BEFORE_RETRY;
        while (true) {
            try {
                Inventory inventory = count();
                progress.accept(view(List.of()));
                if (inventory.isEmpty() || Instant.now().isAfter(until)) {
                    return view(stuck(inventory));
                }
                delete(inventory);
                Inventory after = count();
                if (after.isEmpty()) {
                    return view(List.of());
                }
                progress.accept(view(List.of()));
            } catch (NotDone e) {
                LOG.warn("cannot read what swarm [{}] has at the service: {}", swarm, e.getMessage());
                if (Instant.now().plus(pause).isAfter(until)) {
                    throw new ExecutionException("the service did not list what the swarm has: " + e.getMessage(), e);
                }
                pause = longer(e.retryAfter().orElse(pause));
            }
            Thread.sleep(pause);
            pause = longer(pause);
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private Inventory count() throws NotDone, InterruptedException, ExecutionException {
        Inventory inventory = Inventory.read(service, cluster -> cluster.swarm().equals(swarm));
        Set<String> hosts = ConcurrentHashMap.newKeySet();
        List<NotDone> failed = new ArrayList<>();
        AtATime.run(inventory.infraEnvs().stream()
                .<Runnable>map(infraEnv -> () -> attempt(
                        () -> {
                            for (JsonNode host : hosts(infraEnv)) {
                                hosts.add(RestReading.text(host, "id"));
                            }
                        },
                        e -> {
                            if (e.status() != NOT_FOUND) {
                                synchronized (failed) {
                                    failed.add(e);
                                }
                            }
                        }))
                .toList());
        if (!failed.isEmpty()) {
            throw failed.getFirst();
        }
        found(CLUSTER, inventory.clusters().stream().map(Entry::id));
        found(INFRA_ENV, inventory.infraEnvs().stream().map(Entry::id));
        found(HOST, hosts.stream());
        return inventory;
    }

    private void found(String kind, Stream<String> ids) {
        Set<String> here = Set.copyOf(ids.toList());
        seen.get(kind).addAll(here);
        left.put(kind, here);
    }

    private void delete(Inventory inventory) throws InterruptedException, ExecutionException {
        AtATime.run(inventory.clusters().stream()
                .<Runnable>map(cluster -> () -> deleteCluster(cluster))
                .toList());
        AtATime.run(inventory.infraEnvs().stream()
                .<Runnable>map(infraEnv -> () -> deleteInfraEnv(infraEnv))
                .toList());
    }

    private void deleteCluster(Entry cluster) {
        String path = "/clusters/" + cluster.id();
        if (CANCELLED_FIRST.contains(cluster.status())) {
            // If it is refused the deletion says more; it may have ended by itself meanwhile.
            attempt(() -> service.post(path + "/actions/cancel"), e -> {});
        }
        // The service answers 404 to any failure: whether it is gone, the list says.
        deleteOne(cluster.id(), path);
    }

    private void deleteInfraEnv(Entry infraEnv) {
        attempt(
                () -> {
                    for (JsonNode host : hosts(infraEnv)) {
                        String id = RestReading.text(host, "id");
                        deleteOne(id, "/infra-envs/" + infraEnv.id() + "/hosts/" + id);
                    }
                },
                e -> refusals.put(infraEnv.id(), "its hosts were not listed: " + e.getMessage()));
        deleteOne(infraEnv.id(), "/infra-envs/" + infraEnv.id());
    }

    private JsonNode hosts(Entry infraEnv) throws NotDone, InterruptedException {
        return service.get("/infra-envs/" + infraEnv.id() + "/hosts");
    }

    private void deleteOne(String id, String path) {
        attempt(
                () -> {
                    service.delete(path);
                    refusals.remove(id);
                },
                e -> refusals.put(id, "DELETE /v2" + path + ": " + e.getMessage()));
    }

    private interface Call {
        void run() throws NotDone, InterruptedException;
    }

    private static void attempt(Call call, Consumer<NotDone> onRefusal) {
        try {
            call.run();
        } catch (NotDone e) {
            onRefusal.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> stuck(Inventory inventory) {
        return Stream.concat(
                        inventory.clusters().stream().map(cluster -> stuck(CLUSTER, cluster)),
                        inventory.infraEnvs().stream().map(infraEnv -> stuck(INFRA_ENV, infraEnv)))
                .limit(NAMED_AT_MOST)
                .toList();
    }

    private String stuck(String kind, Entry entry) {
        return kind + " " + entry.cluster() + ", " + entry.id() + ", is still there"
                + Optional.ofNullable(refusals.get(entry.id()))
                        .map(why -> " (" + why + ")")
                        .orElse("") + "; delete the swarm again";
    }

    private DeletionView view(List<String> stuck) {
        Map<String, Long> created = new LinkedHashMap<>();
        Map<String, Long> deleted = new LinkedHashMap<>();
        Map<String, Long> remaining = new LinkedHashMap<>();
        seen.forEach((kind, ids) -> {
            long here = left.get(kind).size();
            // What an earlier attempt has deleted was created too, be it that it did not live to say so.
            long all =
                    Math.max(earlier(DeletionView::created, kind), earlier(DeletionView::deleted, kind) + ids.size());
            created.put(kind, all);
            remaining.put(kind, here);
            deleted.put(kind, all - here);
        });
        return new DeletionView(created, deleted, remaining, stuck);
    }

    /** What an earlier attempt has deleted; what it left is counted anew, by whoever sees it. */
    static DeletionView deletedBefore(Optional<DeletionView> before) {
        Map<String, Long> deleted = new LinkedHashMap<>();
        Map<String, Long> left = new LinkedHashMap<>();
        for (String kind : List.of(CLUSTER, INFRA_ENV, HOST)) {
            deleted.put(kind, before.map(view -> view.deleted().get(kind)).orElse(0L));
            left.put(kind, 0L);
        }
        return new DeletionView(deleted, deleted, left, List.of());
    }

    private long earlier(java.util.function.Function<DeletionView, Map<String, Long>> counts, String kind) {
        return before.map(view -> counts.apply(view).getOrDefault(kind, 0L)).orElse(0L);
    }
}
