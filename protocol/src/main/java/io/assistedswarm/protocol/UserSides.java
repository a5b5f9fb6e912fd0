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
    private final Map<ServiceSpec, UserSide> sides = new ConcurrentHashMap<>();

    /**
     * @param users in whose name a service is called
     * @param timeout of one request
     */
    public UserSides(Function<ServiceSpec, UserAuthorization> users, Duration timeout, String userAgent) {
        this.users = users;
        this.timeout = timeout;
        this.userAgent = userAgent;
    }

    /** @throws IllegalArgumentException if the CA bundle cannot be used, or the service's URL is none */
    public UserSide of(ServiceSpec service) {
        return sides.computeIfAbsent(service, spec -> new UserSide(spec, users.apply(spec), timeout, userAgent));
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
