package io.assistedswarm.coordinator.search;

import java.util.Locale;

/** What a step of a search says of its load. */
public enum Outcome {
    /** It meets the plan's limits. */
    MET,
    /** It does not. */
    NOT_MET,
    /** Nothing is known of the service: the generator could not give the load. */
    NOT_VALID;

    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
