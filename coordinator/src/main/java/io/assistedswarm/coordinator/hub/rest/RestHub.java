package io.assistedswarm.coordinator.hub.rest;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.hub.rest.Inventory.Entry;
import io.assistedswarm.coordinator.hub.rest.RestCalls.NotDone;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.UserAuthorization;
import io.assistedswarm.protocol.UserShares;
import io.assistedswarm.protocol.UserSide;
import io.assistedswarm.protocol.UserSides;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/** The hub by way of the user side of its service's REST API, without any Kubernetes. */
public final class RestHub implements Hub, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Function<ServiceSpec, UserAuthorization> users;
    private final UserSides services;
    private final InstantSource clock;
    private final Executor blocking;
    private final Map<Caller, RestCalls> calls = new ConcurrentHashMap<>();

    /** Who asks for what belongs to a swarm. */
    private record Caller(SwarmId swarm, UserSide side) {}

    /**
     * @param users in whose name a service is called; the same one for the same service
     * @param blocking runs what blocks
     */
    public RestHub(
            Function<ServiceSpec, UserAuthorization> users, String version, InstantSource clock, Executor blocking) {
        this.users = users;
        this.services = new UserSides(users, TIMEOUT, "assisted-swarm-coordinator/" + version);
        this.clock = clock;
        this.blocking = blocking;
    }

    @Override
    public Set<ClusterApi> apis() {
        return Set.of(ClusterApi.REST);
    }

    /** There are none. */
    @Override
    public CompletionStage<Done> applySwarmManifests(SwarmSpec swarm) {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    /** The service lists to each user what is his, so each has a watch of his own. */
    @Override
    public Watching watch(SwarmSpec swarm, Muster muster, Observer observer) {
        ServiceSpec service = swarm.service();
        Map<UserSide, String> all = sides(Set.of(service));
        if (all.size() == 1) {
            return watch(swarm, services.of(service), "", muster, observer);
        }
        UserShares shares = service.shares();
        Map<String, UserSide> byName = new HashMap<>();
        service.auth().users().forEach(user -> byName.put(user.name(), services.of(service.as(user))));
        Function<ClusterId, UserSide> sideOf = cluster -> byName.get(shares.nameOf(cluster));
        Map<UserSide, Watching> watches = new HashMap<>();
        all.forEach((side, user) -> watches.put(
                side,
                watch(
                        swarm,
                        side,
                        user,
                        new MusterOfUser(
                                muster, cluster -> sideOf.apply(cluster).equals(side)),
                        observer)));
        return new WatchingOfUsers(watches, sideOf);
    }

    private Watching watch(SwarmSpec swarm, UserSide side, String user, Muster muster, Observer observer) {
        String events = UserSide.root(swarm.service().url()) + "/events?infra_env_id=";
        RestWatch watch = new RestWatch(
                swarm.id(),
                muster,
                observer,
                calls(swarm.id(), side, user),
                events::concat,
                RestWatch.Pace.USUAL,
                clock);
        watch.start();
        return watch;
    }

    /** The part of a swarm that one user sees. */
    private record MusterOfUser(Muster all, Predicate<ClusterId> his) implements Muster {
        @Override
        public List<ClusterSpec> clusters() {
            return all.clusters().stream()
                    .filter(cluster -> his.test(cluster.id()))
                    .toList();
        }

        @Override
        public Optional<HostId> host(String uuid) {
            return all.host(uuid).filter(host -> his.test(host.cluster()));
        }
    }

    private record WatchingOfUsers(Map<UserSide, Watching> watches, Function<ClusterId, UserSide> sideOf)
            implements Watching {
        @Override
        public void created(ClusterId cluster) {
            watches.get(sideOf.apply(cluster)).created(cluster);
        }

        @Override
        public void close() {
            watches.values().forEach(Watching::close);
        }
    }

    @Override
    public CompletionStage<DeletionView> delete(
            Remains remains,
            Duration deadline,
            BooleanSupplier force,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress) {
        return blocking(() -> {
            List<RestCalls> users = sides(remains.services()).entrySet().stream()
                    .map(side -> calls(remains.swarm(), side.getKey(), side.getValue()))
                    .toList();
            return new RestDeletion(users, remains.swarm(), deadline, before, progress).run();
        });
    }

    @Override
    public List<HubTroubleView> troubles() {
        return calls.values().stream().flatMap(each -> each.troubles().stream()).toList();
    }

    @Override
    public long restRequests(SwarmId swarm) {
        return calls.entrySet().stream()
                .filter(each -> each.getKey().swarm().equals(swarm))
                .mapToLong(each -> each.getValue().count())
                .sum();
    }

    @Override
    public void forget(SwarmId swarm) {
        calls.keySet().removeIf(caller -> caller.swarm().equals(swarm));
    }

    @Override
    public CompletionStage<EventsAddress> events(SwarmSpec swarm, ClusterSpec cluster, Optional<HostId> host) {
        ServiceSpec service = swarm.service().of(cluster.id());
        UserSide side = services.of(service);
        String user = sides(Set.of(swarm.service())).get(side);
        return blocking(() -> eventsQuery(calls(swarm.id(), side, user), cluster, host))
                .thenCombine(
                        users.apply(service).headers(),
                        (query, headers) ->
                                new EventsAddress(UserSide.root(service.url()) + "/events?" + query, headers));
    }

    private static String eventsQuery(RestCalls service, ClusterSpec cluster, Optional<HostId> host)
            throws NotDone, InterruptedException {
        Predicate<ClusterId> asked = cluster.id()::equals;
        Entry infraEnv = Inventory.infraEnvs(service, asked).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the service has nothing of cluster " + cluster.id()));
        if (host.isPresent()) {
            return "infra_env_id=" + infraEnv.id() + "&host_id=" + Identity.hostUuid(host.get());
        }
        Optional<String> uuid = Optional.of(infraEnv.clusterUuid()).filter(id -> !id.isEmpty());
        if (uuid.isEmpty() && !cluster.infraEnvOnly()) {
            uuid = Inventory.clusters(service, asked).stream().map(Entry::id).findFirst();
        }
        return uuid.map(id -> "cluster_id=" + id).orElse("infra_env_id=" + infraEnv.id());
    }

    /** Hosts are counted only when they are deleted: it would cost one request for each infra-env. */
    @Override
    public CompletionStage<List<OrphanView>> orphans(Predicate<SwarmId> known, Set<ServiceSpec> remembered) {
        return blocking(() -> {
            Map<SwarmId, Map<String, Long>> counts = new TreeMap<>();
            for (Map.Entry<UserSide, String> side : sides(remembered).entrySet()) {
                Inventory inventory = Inventory.read(
                        new RestCalls(side.getKey(), side.getValue(), clock), cluster -> !known.test(cluster.swarm()));
                inventory.clusters().forEach(cluster -> count(counts, cluster, Holding.CLUSTER));
                inventory.infraEnvs().forEach(infraEnv -> count(counts, infraEnv, Holding.INFRA_ENV));
            }
            return counts.entrySet().stream()
                    .map(entry -> new OrphanView(entry.getKey().value(), entry.getValue(), false, Optional.empty()))
                    .toList();
        });
    }

    private static void count(Map<SwarmId, Map<String, Long>> counts, Entry entry, String kind) {
        counts.computeIfAbsent(entry.cluster().swarm(), swarm -> new TreeMap<>())
                .merge(kind, 1L, Long::sum);
    }

    /** From now on the registry tells how many requests were sent. */
    public void countIn(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name("assisted_swarm_rest_requests_total")
                .help("Requests sent to the user side of services' REST API.")
                .callback(counter -> counter.call((double) services.requests()))
                .register(registry);
    }

    @Override
    public void close() {
        services.close();
    }

    private RestCalls calls(SwarmId swarm, UserSide side, String user) {
        return calls.computeIfAbsent(new Caller(swarm, side), caller -> new RestCalls(side, user, clock));
    }

    /** Who sees the same is asked once; with the user's name, empty where it is not one user's. */
    private Map<UserSide, String> sides(Set<ServiceSpec> seen) {
        Map<UserSide, String> sides = new LinkedHashMap<>();
        for (ServiceSpec service : seen) {
            List<ServiceUser> users = service.auth().users();
            if (users.isEmpty()) {
                sides.put(services.of(service), "");
            }
            users.forEach(user -> sides.merge(
                    services.of(service.as(user)), user.name(), (one, other) -> one.equals(other) ? one : ""));
        }
        return sides;
    }

    private <T> CompletionStage<T> blocking(Callable<T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("interrupted while asking the service", e);
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e.getMessage(), e);
                    }
                },
                blocking);
    }
}
