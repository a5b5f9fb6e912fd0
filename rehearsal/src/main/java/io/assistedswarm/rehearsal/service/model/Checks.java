package io.assistedswarm.rehearsal.service.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All validations of a host or cluster, by the service's groups and in its order.
 *
 * @param groups group name to checks
 */
public record Checks(Map<String, List<Check>> groups) {
    public static final Checks NONE = new Checks(Map.of());

    public Checks {
        Map<String, List<Check>> copy = new LinkedHashMap<>();
        groups.forEach((group, checks) -> copy.put(group, List.copyOf(checks)));
        groups = java.util.Collections.unmodifiableMap(copy);
    }

    /** Without those that the operator switched off, or that the user ignores. */
    public Checks without(Set<String> ids) {
        if (ids.isEmpty()) {
            return this;
        }
        Map<String, List<Check>> left = new LinkedHashMap<>();
        groups.forEach((group, checks) -> left.put(
                group,
                checks.stream().filter(check -> !ids.contains(check.id())).toList()));
        return new Checks(left);
    }

    public Optional<Check> check(String id) {
        return all().filter(check -> check.id().equals(id)).findFirst();
    }

    /** A check that is not there does not stand in the way. */
    public boolean passed(String id) {
        return check(id).map(Check::passed).orElse(true);
    }

    public boolean failed(String id) {
        return check(id).map(Check::failed).orElse(false);
    }

    public boolean passed(Collection<String> ids) {
        return ids.stream().allMatch(this::passed);
    }

    public boolean anyFailed() {
        return all().anyMatch(Check::failed);
    }

    /** Messages of all that fail, blocking or not, as the service puts them into {@code status_info}. */
    public String failures(String separator) {
        return all().filter(Check::failed).map(Check::message).collect(Collectors.joining(separator));
    }

    private Stream<Check> all() {
        return groups.values().stream().flatMap(List::stream);
    }
}
