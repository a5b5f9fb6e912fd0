package io.assistedswarm.coordinator.placement;

import io.assistedswarm.coordinator.placement.Placer.Share;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
     */
    public record Request(ClusterId cluster, int firstHost, int hosts, boolean holds, boolean again) {
        /** Of a whole cluster. */
        public Request(ClusterId cluster, int hosts, boolean holds) {
            this(cluster, 0, hosts, holds, false);
        }

        public boolean holds(HostId host) {
            return host.cluster().equals(cluster) && host.index() >= firstHost && host.index() < firstHost + hosts;
        }

        /** Of those that were there. */
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

    /** @param waiting why, for each request that has not been granted */
    public record Decision(List<Grant> grants, Map<Request, String> waiting) {
        public Decision {
            grants = List.copyOf(grants);
            waiting = Map.copyOf(waiting);
        }
    }

    /** @param queue in the order of asking */
    public static Decision decide(List<Request> queue, Collection<Room> workers) {
        Map<WorkerName, Room> rooms = new LinkedHashMap<>();
        workers.forEach(room -> rooms.put(room.worker(), room));
        List<Grant> grants = new ArrayList<>();
        Map<Request, String> waiting = new LinkedHashMap<>();
        Optional<Request> head = Optional.empty();
        for (Request request : queue) {
            if (head.isPresent()) {
                waiting.put(request, behind(head.get(), rooms.values()));
                continue;
            }
            Optional<List<Share>> shares = Placer.place(request.hosts(), rooms.values());
            if (shares.isPresent()) {
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
        return new Decision(grants, waiting);
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
