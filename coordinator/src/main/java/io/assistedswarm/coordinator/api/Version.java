package io.assistedswarm.coordinator.api;

/** Which build this is. */
public final class Version {
    private Version() {}

    /** As the jar's manifest says; {@code development} when classes are run from a folder. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
