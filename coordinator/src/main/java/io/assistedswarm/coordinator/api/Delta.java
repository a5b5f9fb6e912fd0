package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;

/** What one who watches does not know yet. Not thread-safe: it belongs to one stream. */
final class Delta {
    /** Moves that take more letters than so many for each host cost more than the map itself. */
    private static final int LETTERS_A_HOST = 2;

    private final Known<SwarmView> swarms = new Known<>(SwarmView::id);
    private final Known<WorkerView> workers = new Known<>(WorkerView::name);
    private Optional<SwarmMap> map = Optional.empty();

    /** As the coordinator stands. */
    record Snapshot(List<SwarmView> swarms, List<WorkerView> workers, Optional<SwarmMap> map) {}

    /** @param gone names of what is not there any more */
    private record News<T>(List<T> changed, List<String> gone) {}

    /** Places and their new letters: {@code 12F340G}. */
    private record Moves(String swarm, String clusters, String hosts) {}

    private record Failures(String swarm, List<SwarmMap.FailureGroup> failures) {}

    /** Empty when nothing has changed. The first one is everything. */
    List<ServerSentEvent> from(Snapshot now) {
        List<ServerSentEvent> events = new ArrayList<>();
        swarms.see(now.swarms()).ifPresent(news -> events.add(event("swarms", news)));
        workers.see(now.workers()).ifPresent(news -> events.add(event("workers", news)));
        now.map().ifPresent(drawn -> events.addAll(ofMap(drawn)));
        map = now.map();
        return events;
    }

    static ServerSentEvent event(String type, Object data) {
        return ServerSentEvent.create(new String(ApiJson.write(data), StandardCharsets.UTF_8), type);
    }

    private List<ServerSentEvent> ofMap(SwarmMap drawn) {
        if (map.isEmpty() || !map.get().sizes().equals(drawn.sizes())) {
            return List.of(event("map", drawn));
        }
        SwarmMap before = map.get();
        List<ServerSentEvent> events = new ArrayList<>();
        String clusters = moves(before.clusters(), drawn.clusters());
        String hosts = moves(before.hosts(), drawn.hosts());
        if (hosts.length() + clusters.length()
                > LETTERS_A_HOST * (drawn.hosts().length() + drawn.clusters().length())) {
            return List.of(event("map", drawn));
        }
        if (!clusters.isEmpty() || !hosts.isEmpty()) {
            events.add(event("moves", new Moves(drawn.swarm(), clusters, hosts)));
        }
        if (!before.failures().equals(drawn.failures())) {
            events.add(event("failures", new Failures(drawn.swarm(), drawn.failures())));
        }
        return events;
    }

    private static String moves(String before, String now) {
        StringBuilder moves = new StringBuilder();
        for (int i = 0; i < now.length(); i++) {
            if (before.charAt(i) != now.charAt(i)) {
                moves.append(i).append(now.charAt(i));
            }
        }
        return moves.toString();
    }

    private static final class Known<T> {
        private final Function<T, String> name;
        private final Map<String, T> known = new HashMap<>();
        private boolean begun;

        private Known(Function<T, String> name) {
            this.name = name;
        }

        private Optional<News<T>> see(List<T> now) {
            Map<String, T> named = new LinkedHashMap<>();
            now.forEach(thing -> named.put(name.apply(thing), thing));
            List<T> changed = named.entrySet().stream()
                    .filter(entry -> !entry.getValue().equals(known.get(entry.getKey())))
                    .map(Map.Entry::getValue)
                    .toList();
            Set<String> gone = new HashSet<>(known.keySet());
            gone.removeAll(named.keySet());
            boolean first = !begun;
            begun = true;
            known.clear();
            known.putAll(named);
            return first || !changed.isEmpty() || !gone.isEmpty()
                    ? Optional.of(new News<>(changed, List.copyOf(gone)))
                    : Optional.empty();
        }
    }
}
