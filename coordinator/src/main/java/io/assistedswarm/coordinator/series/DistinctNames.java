package io.assistedswarm.coordinator.series;

import java.util.HashSet;
import java.util.Set;

/** Gives each name once, and the next one of that name a number: a folder, or a chart, takes each only once. */
public final class DistinctNames {
    private final Set<String> given = new HashSet<>();

    public String of(String name) {
        String free = name;
        for (int i = 2; !given.add(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }
}
