package io.assistedswarm.protocol;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** One connection to the user side of each service, for all swarms that have the same one and the same user. Thread-safe. */
public final class UserSides implements AutoCloseable {
    private final Function<ServiceSpec, UserAuthorization> users;
    private final Duration timeout;
    private final String userAgent;
    private final Map<Caller, UserSide> sides = new ConcurrentHashMap<>();

    /** All that a request to the user side goes by. */
    private record Caller(String url, boolean insecure, String caFile, AuthSpec auth) {
        private static Caller of(ServiceSpec service) {
            return new Caller(
                    service.url(),
                    service.insecure(),
                    service.caFile(),
                    service.auth().ofOne());
        }
    }

    /**
     * @param users in whose name a service is called
     * @param timeout of one request
     */
    public UserSides(Function<ServiceSpec, UserAuthorization> users, Duration timeout, String userAgent) {
        this.users = users;
        this.timeout = timeout;
        this.userAgent = userAgent;
    }

    /**
     * The same one for the same service and user.
     *
     * @throws IllegalArgumentException if the CA bundle cannot be used, or the service's URL is none
     */
    public UserSide of(ServiceSpec service) {
        return sides.computeIfAbsent(
                Caller.of(service), caller -> new UserSide(service, users.apply(service), timeout, userAgent));
    }

    /** Requests sent since the start. */
    public long requests() {
        return sides.values().stream().mapToLong(UserSide::requests).sum();
    }

    @Override
    public void close() {
        sides.values().forEach(UserSide::close);
    }
}
