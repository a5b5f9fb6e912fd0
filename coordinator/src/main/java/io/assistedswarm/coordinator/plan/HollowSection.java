package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.RuntimeSpec.Hollow;
import java.util.regex.Pattern;

/** Reads {@code runtime.hollow} of a service config. */
final class HollowSection {
    private static final long SEED = 1;
    private static final double FASTEST = 1000;
    private static final int CONNECTIONS = 200;
    private static final int MOST_CONNECTIONS = 10_000;
    private static final Pattern ADDRESS = Pattern.compile("(?:\\d{1,3}\\.){3}\\d{1,3}");

    private HollowSection() {}

    static Hollow read(Section hollow) {
        double timeScale = hollow.number("timeScale").orElse(1.0);
        if (!(timeScale > 0 && timeScale <= FASTEST)) {
            hollow.error(
                    "timeScale",
                    "is not more than 0 and at most " + (int) FASTEST,
                    "1 is the pace of the real programs; a rehearsal hub says its own with --time-scale");
        }
        int connections = hollow.integer("connections").orElse(CONNECTIONS);
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            hollow.error("connections", "is not between 1 and " + MOST_CONNECTIONS, "");
        }
        String address = hollow.text("namesResolveTo").orElse("");
        if (!address.isEmpty() && !ADDRESS.matcher(address).matches()) {
            hollow.error("namesResolveTo", "'" + address + "' is not an IPv4 address", "");
        }
        Hollow read = new Hollow(
                hollow.longInteger("seed").orElse(SEED),
                timeScale,
                RuntimeFile.imageWriting(hollow),
                connections,
                hollow.bool("logs").orElse(false),
                address);
        hollow.close();
        return read;
    }
}
