package io.assistedswarm.coordinator.hub.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.hub.AtATime;
import io.assistedswarm.coordinator.hub.rest.Inventory.Entry;
import io.assistedswarm.coordinator.hub.rest.RestCalls.NotDone;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what a swarm has at its services, with all its users at a time: its clusters, which take their hosts with them, then what is left of
 * hosts, then the infra-envs, which the service keeps as long as they have hosts. Reads the lists again until nothing is left or the time is
 * up, so that what came late goes, too. What one user cannot list keeps nobody else's from being deleted. Blocks; may be interrupted and repeated.
 */
final class RestDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(RestDeletion.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int NAMED_AT_MOST = 20;

    /** While it is installed the service does not let go of a cluster; its preparation may end at any moment. */
    private static final Set<String> CANCELLED_FIRST =
            Set.of("preparing-for-installation", "installing", "installing-pending-user-action");

    private final SwarmId swarm;
    private final List<Holding> holdings;
    private final Instant until;
    private final Optional<DeletionView> before;
    private final Consumer<DeletionView> progress;
    private final Map<String, Set<String>> seen = new LinkedHashMap<>();
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    /** @param users each of whom sees only what is his */
    RestDeletion(
            List<RestCalls> users,
            SwarmId swarm,
            Duration deadline,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress) {
        this.swarm = swarm;
        this.holdings = users.stream().map(user -> new Holding(user, swarm)).toList();
        this.until = Instant.now().plus(deadline);
        this.before = before;
        this.progress = progress;
        Holding.KINDS.forEach(kind -> seen.put(kind, new HashSet<>()));
    }

    /** @throws ExecutionException if what is left could not be read to the end */
    DeletionView run() throws InterruptedException, ExecutionException {
        Duration pause = BEFORE_RETRY;
        while (true) {
            count();
            if (isOver(Instant.now().isAfter(until))) {
                return view(stuck());
            }
            delete();
            count();
            if (isOver(false)) {
                return view(List.of());
            }
            // Blocks, as all of this does. A service may ask for a longer wait than there is time for.
            Duration wait = troubles()
                    .flatMap(why -> why.retryAfter().stream())
                    .max(Comparator.naturalOrder())
                    .orElse(pause);
            if (troubles().findAny().isPresent() && Instant.now().plus(wait).isAfter(until)) {
                throw notListed();
            }
            Thread.sleep(wait);
            pause = longer(pause);
        }
    }

    private Stream<NotDone> troubles() {
        return holdings.stream().flatMap(holding -> holding.trouble().stream());
    }

    private boolean isOver(boolean late) throws ExecutionException {
        boolean listed = troubles().findAny().isEmpty();
        boolean empty =
                holdings.stream().allMatch(holding -> holding.inventory().isEmpty());
        if (!listed && empty && troubles().allMatch(NotDone::isLasting)) {
            throw notListed();
        }
        return listed && (empty || late);
    }

    private ExecutionException notListed() {
        String why = holdings.stream()
                .flatMap(holding -> holding.trouble().stream()
                        .map(trouble -> holding.service().ofUser() + trouble.getMessage()))
                .collect(Collectors.joining("; "));
        return new ExecutionException(
                "the service did not list what the swarm has: " + why,
                troubles().findFirst().orElseThrow());
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    private void count() throws InterruptedException, ExecutionException {
        AtATime.run(holdings.stream()
                .<Runnable>map(holding -> () -> attempt(holding::listClusters, e -> {}))
                .toList());
        AtATime.run(
                each(Inventory::infraEnvs, (holding, infraEnv) -> attempt(() -> holding.listHosts(infraEnv), e -> {})));
        for (Holding holding : holdings) {
            holding.listed();
            holding.trouble()
                    .ifPresent(trouble -> LOG.warn(
                            "cannot read what swarm [{}] has at the service: {}{}",
                            swarm,
                            holding.service().ofUser(),
                            trouble.getMessage()));
        }
        seen.forEach((kind, ids) -> holdings.forEach(holding -> ids.addAll(holding.left(kind))));
        if (troubles().count() < holdings.size()) {
            progress.accept(view(List.of()));
        }
    }

    private List<Runnable> each(Function<Inventory, List<Entry>> kind, BiConsumer<Holding, Entry> deed) {
        return holdings.stream()
                .flatMap(holding -> kind.apply(holding.inventory()).stream()
                        .<Runnable>map(entry -> () -> deed.accept(holding, entry)))
                .toList();
    }

    private void delete() throws InterruptedException, ExecutionException {
        AtATime.run(each(Inventory::clusters, this::deleteCluster));
        AtATime.run(each(Inventory::infraEnvs, this::deleteInfraEnv));
    }

    private void deleteCluster(Holding holding, Entry cluster) {
        String path = "/clusters/" + cluster.id();
        if (CANCELLED_FIRST.contains(cluster.status())) {
            // If it is refused the deletion says more; it may have ended by itself meanwhile.
            attempt(() -> holding.service().post(path + "/actions/cancel"), e -> {});
        }
        // The service answers 404 to any failure: whether it is gone, the list says.
        deleteOne(holding, cluster.id(), path);
    }

    private void deleteInfraEnv(Holding holding, Entry infraEnv) {
        attempt(
                () -> {
                    for (JsonNode host : holding.hosts(infraEnv)) {
                        String id = RestReading.text(host, "id");
                        deleteOne(holding, id, "/infra-envs/" + infraEnv.id() + "/hosts/" + id);
                    }
                },
                e -> refusals.put(infraEnv.id(), "its hosts were not listed: " + e.getMessage()));
        deleteOne(holding, infraEnv.id(), "/infra-envs/" + infraEnv.id());
    }

    private void deleteOne(Holding holding, String id, String path) {
        attempt(
                () -> {
                    holding.service().delete(path);
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

    private List<String> stuck() {
        return holdings.stream()
                .map(Holding::inventory)
                .flatMap(inventory -> Stream.concat(
                        inventory.clusters().stream().map(cluster -> stuck(Holding.CLUSTER, cluster)),
                        inventory.infraEnvs().stream().map(infraEnv -> stuck(Holding.INFRA_ENV, infraEnv))))
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
        boolean listed = troubles().findAny().isEmpty();
        seen.forEach((kind, ids) -> {
            long here = holdings.stream()
                    .mapToLong(holding -> holding.left(kind).size())
                    .sum();
            long gone = earlier(DeletionView::deleted, kind) + ids.size() - here;
            // What an earlier attempt has deleted was created too, be it that it did not live to say so.
            long all = Math.max(earlier(DeletionView::created, kind), gone + here);
            created.put(kind, all);
            // What an earlier attempt has left is not gone because it is not listed.
            remaining.put(kind, listed ? here : all - gone);
            deleted.put(kind, listed ? all - here : gone);
        });
        return new DeletionView(created, deleted, remaining, stuck);
    }

    private long earlier(Function<DeletionView, Map<String, Long>> counts, String kind) {
        return before.map(view -> counts.apply(view).getOrDefault(kind, 0L)).orElse(0L);
    }
}
