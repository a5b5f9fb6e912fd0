package io.assistedswarm.rehearsal.service.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the handler of a request by method and path template. */
final class Router {
    /** Handles a call; refuses by throwing a {@link io.assistedswarm.rehearsal.service.Refusal}. */
    interface Handler {
        Answer handle(Call call);
    }

    /** @param template path with {@code {name}} for a variable segment */
    record Route(String method, String template, Access access, Handler handler, List<String> segments) {}

    record Match(Route route, Map<String, String> path) {}

    private final List<Route> routes = new ArrayList<>();

    Router add(String method, String template, Access access, Handler handler) {
        routes.add(new Route(method, template, access, handler, segments(template)));
        return this;
    }

    Optional<Match> find(String method, String path) {
        List<String> segments = segments(path);
        return routes.stream()
                .filter(route -> route.method().equals(method))
                .flatMap(route -> match(route, segments).stream())
                .findFirst();
    }

    /** Methods that the path has, if any: the difference between 404 and 405. */
    Set<String> methods(String path) {
        List<String> segments = segments(path);
        Set<String> methods = new TreeSet<>();
        routes.stream()
                .filter(route -> match(route, segments).isPresent())
                .forEach(route -> methods.add(route.method()));
        return methods;
    }

    private static Optional<Match> match(Route route, List<String> segments) {
        if (route.segments().size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> path = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String pattern = route.segments().get(i);
            if (pattern.startsWith("{")) {
                path.put(pattern.substring(1, pattern.length() - 1), segments.get(i));
            } else if (!pattern.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Match(route, path));
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
