package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What was deleted in several places, as one count. */
public final class DeletionViews {
    public static final DeletionView NOTHING = new DeletionView(Map.of(), Map.of(), Map.of(), List.of());

    private DeletionViews() {}

    public static DeletionView sum(DeletionView one, DeletionView other) {
        return new DeletionView(
                sum(one.created(), other.created()),
                sum(one.deleted(), other.deleted()),
                sum(one.left(), other.left()),
                joined(one.stuck(), other.stuck()),
                joined(one.notCounted(), other.notCounted()));
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> sum = new LinkedHashMap<>(one);
        other.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
        return sum;
    }

    private static List<String> joined(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
