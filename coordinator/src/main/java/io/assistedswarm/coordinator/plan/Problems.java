package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Problem.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything found wrong while files are read, and where each value stood, so that later checks can say it too. */
public final class Problems {
    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Map<String, Position> places = new HashMap<>();

    public void error(Position position, String path, String message, String hint) {
        errors.add(new Problem(position, path, message, hint));
    }

    public void warn(Position position, String path, String message, String hint) {
        warnings.add(new Problem(position, path, message, hint));
    }

    /** In the order of the lines. */
    public List<Problem> errors() {
        return sorted(errors);
    }

    public List<Problem> warnings() {
        return sorted(warnings);
    }

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    void stands(String path, Position position) {
        places.put(path, position);
    }

    /** An error at a value that was read before; at what surrounds it when it was not written at all. */
    void errorAt(String path, String message, String hint) {
        error(place(path), path, message, hint);
    }

    void warnAt(String path, String message, String hint) {
        warn(place(path), path, message, hint);
    }

    private Position place(String path) {
        String place = path;
        while (!places.containsKey(place) && !place.isEmpty()) {
            place = place.substring(0, Math.max(0, Math.max(place.lastIndexOf('.'), place.lastIndexOf('['))));
        }
        return places.getOrDefault(place, new Position("plan", 0));
    }

    private static List<Problem> sorted(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparing(
                                (Problem problem) -> problem.position().source())
                        .thenComparingInt(problem -> problem.position().line()))
                .toList();
    }
}
