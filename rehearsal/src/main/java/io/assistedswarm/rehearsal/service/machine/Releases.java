package io.assistedswarm.rehearsal.service.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The releases that a user of the REST API may name ({@code RELEASE_IMAGES}). */
public record Releases(List<Release> all) {
    /** The one that was recorded. */
    public static final Releases DEFAULT =
            new Releases(List.of(new Release("4.18.52", "quay.io/openshift-release-dev/ocp-release:4.18.52-x86_64")));

    /** The real service asks the release itself; its tag says the same. */
    private static final Pattern TAG = Pattern.compile(":(\\d+\\.\\d+\\.\\d+[^-/]*)(-[^:/]*)?$");

    private static final Pattern MAJOR_MINOR = Pattern.compile("(\\d+)\\.(\\d+)(\\..*)?");

    public Releases {
        all = List.copyOf(all);
    }

    public record Release(String version, String image) {}

    /**
     * Reads the variable's JSON list, of which {@code version} and {@code url} are looked at.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Releases parse(String json) {
        try {
            JsonNode list = Json.LENIENT.readTree(json);
            List<Release> releases = new ArrayList<>();
            for (JsonNode release : list) {
                releases.add(new Release(
                        release.path("version").asText(""), release.path("url").asText("")));
            }
            if (!list.isArray()
                    || releases.isEmpty()
                    || releases.stream()
                            .anyMatch(release -> release.version().isEmpty()
                                    || release.image().isEmpty())) {
                throw new IllegalArgumentException("must be a JSON list of objects with version and url");
            }
            return new Releases(releases);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** By its whole version, or the last one of a major.minor. */
    public Optional<Release> of(String version) {
        return all.stream()
                .filter(release -> release.version().equals(version)
                        || majorMinor(release.version()).equals(version))
                .reduce((first, second) -> second);
    }

    /** One that is named by its image; empty if the tag tells no version. */
    public static Optional<Release> at(String image) {
        Matcher tag = TAG.matcher(image);
        return tag.find() ? Optional.of(new Release(tag.group(1), image)) : Optional.empty();
    }

    public static String majorMinor(String version) {
        Matcher parts = MAJOR_MINOR.matcher(version);
        return parts.matches() ? parts.group(1) + "." + parts.group(2) : version;
    }

    /** 0 for what is no version. */
    public static int minor(String version) {
        Matcher parts = MAJOR_MINOR.matcher(version);
        return parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
    }
}
