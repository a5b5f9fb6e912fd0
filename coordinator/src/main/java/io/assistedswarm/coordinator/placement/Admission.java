package io.assistedswarm.coordinator.placement;

import io.assistedswarm.coordinator.placement.Placer.Share;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which of the waiting clusters get their places: a cluster gets all of them or none, first come, first served.
 *
 * <p>The first cluster that would fit once the running ones have ended keeps what is free to itself, so that a big one is not starved by
 * small ones behind it. A cluster that would not fit even then (too few workers, or places held for good) is passed over, so that it does
 * not block what does fit; when a worker joins, it is the first again. As running clusters end by their deadlines, every cluster that can
 * fit gets its turn.
 */
public final class Admission {
    private Admission() {}

    /**
     * A waiting cluster, or hosts of one that have lost their worker.
     *
     * @param firstHost index of the first of its hosts that want places
     * @param holds it keeps its places until its swarm is deleted
     * @param again they had places before
     * @param maxPerWorker most hosts of its swarm on one worker; at least the hosts of a cluster
     */
    public record Request(
            ClusterId cluster, int firstHost, int hosts, boolean holds, boolean again, Optional<Integer> maxPerWorker) {
        /** Without a bound for a worker. */
        public Request(ClusterId cluster, int firstHost, int hosts, boolean holds, boolean again) {
            this(cluster, firstHost, hosts, holds, again, Optional.empty());
        }

        /** Of a whole cluster, without a bound for a worker. */
        public Request(ClusterId cluster, int hosts, boolean holds) {
            this(cluster, 0, hosts, holds, false);
        }

        /** Of a whole cluster that never had places. */
        public static Request of(ClusterSpec cluster, Optional<Integer> maxPerWorker) {
            return new Request(cluster.id(), 0, cluster.hostCount(), cluster.infraEnvOnly(), false, maxPerWorker);
        }

        public boolean holds(HostId host) {
            return host.cluster().equals(cluster) && host.index() >= firstHost && host.index() < firstHost + hosts;
        }

        /** Of those that were there; bounds do not count, as what runs already is not to wait for others to end. */
        public static Request again(ClusterSpec cluster, Placement lost) {
            return new Request(cluster.id(), lost.firstHost(), lost.hostCount(), cluster.infraEnvOnly(), true);
        }
    }

    /**
     * Places for a whole cluster, in the order of its hosts.
     *
     * @param shares sum up to the request's hosts
     */
    public record Grant(Request request, List<Share> shares) {
        public Grant {
            shares = List.copyOf(shares);
        }
    }

    /**
     * @param waiting why, for each request that has not been granted
     * @param held those of them that a bound of their plan keeps, and not want of room
     */
    public record Decision(List<Grant> grants, Map<Request, String> waiting, Set<Request> held) {
        public Decision {
            grants = List.copyOf(grants);
            waiting = Map.copyOf(waiting);
            held = Set.copyOf(held);
        }
    }

    /** How many hosts of a swarm are on a worker. */
    public interface Hosts {
        int of(SwarmId swarm, WorkerName worker);
    }

    /** @param queue in the order of asking */
    public static Decision decide(List<Request> queue, Collection<Room> workers, Hosts hosts) {
        Bounds bounds = new Bounds(hosts);
        Map<WorkerName, Room> rooms = new LinkedHashMap<>();
        workers.forEach(room -> rooms.put(room.worker(), room));
        List<Grant> grants = new ArrayList<>();
        Map<Request, String> waiting = new LinkedHashMap<>();
        Set<Request> held = new HashSet<>();
        Optional<Request> head = Optional.empty();
        for (Request request : queue) {
            if (head.isPresent()) {
                waiting.put(request, behind(head.get(), rooms.values()));
                continue;
            }
            Optional<List<Share>> shares = Placer.place(request.hosts(), bounds.rooms(request, rooms.values()));
            boolean keptByBound = shares.isEmpty()
                    && Placer.place(request.hosts(), rooms.values()).isPresent();
            if (keptByBound || bounds.keeps(request)) {
                // Others pass; a smaller one of its own swarm does not, as it would take the room that this one waits
                // for.
                bounds.keep(request);
                held.add(request);
                waiting.put(
                        request,
                        "waits for the pace: workers with room have as many hosts of the swarm as they may (maxPerWorker "
                                + request.maxPerWorker().orElseThrow() + ")");
            } else if (shares.isPresent()) {
                bounds.take(request, shares.get());
                shares.get()
                        .forEach(share -> rooms.computeIfPresent(
                                share.worker(), (name, room) -> room.taking(share.hosts(), request.holds())));
                grants.add(new Grant(request, shares.get()));
            } else {
                waiting.put(request, why(request, rooms.values()));
                if (request.hosts() <= obtainable(rooms.values())) {
                    head = Optional.of(request);
                }
            }
        }
        return new Decision(grants, waiting, held);
    }

    /** What swarms may have on a worker, while requests are decided. */
    private static final class Bounds {
        private final Hosts before;
        private final Map<SwarmId, Map<WorkerName, Integer>> taken = new HashMap<>();
        private final Set<SwarmId> kept = new HashSet<>();

        private Bounds(Hosts before) {
            this.before = before;
        }

        private boolean keeps(Request request) {
            return request.maxPerWorker().isPresent()
                    && kept.contains(request.cluster().swarm());
        }

        private void keep(Request request) {
            kept.add(request.cluster().swarm());
        }

        private void take(Request request, List<Share> shares) {
            if (request.maxPerWorker().isPresent()) {
                Map<WorkerName, Integer> ofSwarm =
                        taken.computeIfAbsent(request.cluster().swarm(), none -> new HashMap<>());
                shares.forEach(share -> ofSwarm.merge(share.worker(), share.hosts(), Integer::sum));
            }
        }

        /** As the request may use them. */
        private Collection<Room> rooms(Request request, Collection<Room> rooms) {
            if (request.maxPerWorker().isEmpty()) {
                return rooms;
            }
            SwarmId swarm = request.cluster().swarm();
            Map<WorkerName, Integer> ofSwarm = taken.getOrDefault(swarm, Map.of());
            return rooms.stream()
                    .map(room -> room.offering(request.maxPerWorker().get()
                            - before.of(swarm, room.worker())
                            - ofSwarm.getOrDefault(room.worker(), 0)))
                    .toList();
        }
    }

    /** Places that are free once everything that ends has ended. */
    public static int obtainable(Collection<Room> rooms) {
        return rooms.stream()
                .mapToInt(room -> Math.max(0, room.capacity() - room.held()))
                .sum();
    }

    private static String why(Request request, Collection<Room> rooms) {
        if (rooms.isEmpty()) {
            return "waits for workers: " + request.cluster() + " needs " + request.hosts() + " places, 0 workers";
        }
        int obtainable = obtainable(rooms);
        return request.hosts() <= obtainable
                ? "waits for places: " + need(request, rooms)
                : "waits for more workers: " + request.cluster() + " needs " + request.hosts() + " places, "
                        + rooms.size() + " workers have " + obtainable
                        + " that are not held by InfraEnvs without a cluster";
    }

    private static String behind(Request head, Collection<Room> rooms) {
        return "waits behind " + need(head, rooms);
    }

    private static String need(Request request, Collection<Room> rooms) {
        return request.cluster() + ", which needs " + request.hosts() + " places; "
                + rooms.stream().mapToInt(Room::free).sum() + " of "
                + rooms.stream().mapToInt(Room::capacity).sum() + " are free";
    }
}
