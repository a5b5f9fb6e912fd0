package io.assistedswarm.coordinator.placement;

import io.assistedswarm.protocol.WorkerName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Chooses the workers for the hosts of one cluster. */
public final class Placer {
    private static final Comparator<Room> MOST_ROOM_FIRST =
            Comparator.comparingInt(Room::free).reversed().thenComparing(Room::worker);

    private Placer() {}

    /** So many of the cluster's hosts go to this worker; at least 1. */
    public record Share(WorkerName worker, int hosts) {}

    /**
     * The whole cluster to the worker with most room when it fits there, else over as few workers as possible. Empty when there is not
     * a place for every host.
     */
    public static Optional<List<Share>> place(int hosts, Collection<Room> rooms) {
        List<Share> shares = new ArrayList<>();
        int left = hosts;
        for (Room room : rooms.stream().sorted(MOST_ROOM_FIRST).toList()) {
            int share = Math.min(left, room.free());
            if (share > 0) {
                shares.add(new Share(room.worker(), share));
                left -= share;
            }
        }
        return left == 0 ? Optional.of(List.copyOf(shares)) : Optional.empty();
    }
}
