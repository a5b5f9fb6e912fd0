package io.assistedswarm.protocol;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** In whose name each service is called: one for all swarms of this JVM that bring the same. Thread-safe. */
public final class UserAuthorizations implements Function<ServiceSpec, UserAuthorization>, AutoCloseable {
    private final Map<AuthSpec, UserAuthorization> users = new ConcurrentHashMap<>();
    private final Map<AuthSpec, HttpTokenExchange> exchanges = new ConcurrentHashMap<>();

    @Override
    public UserAuthorization apply(ServiceSpec service) {
        AuthSpec auth = service.auth().ofOne();
        return switch (auth.mode()) {
            case UNSAID, NONE -> NoAuthorization.INSTANCE;
            case LOCAL -> NobodyIsUser.INSTANCE;
            case AGENT_INSTALLER_LOCAL -> users.computeIfAbsent(auth, spec -> new ReadyToken(spec.userToken()));
            case RHSSO -> users.computeIfAbsent(auth, this::signedOn);
        };
    }

    private UserAuthorization signedOn(AuthSpec auth) {
        return new SignedOnUser(
                exchanges.computeIfAbsent(auth, HttpTokenExchange::new),
                InstantSource.system(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** {@code AUTH_TYPE=local}, whatever he brings. */
    private enum NobodyIsUser implements UserAuthorization {
        INSTANCE;

        @Override
        public CompletionStage<Map<String, String>> headers() {
            return CompletableFuture.failedFuture(new NoToken(
                    "the service has AUTH_TYPE=local, which knows no users of its REST API: drive the clusters by"
                            + " the Kubernetes API (api: kube-api)"));
        }

        @Override
        public void refused(Map<String, String> headers) {}
    }

    @Override
    public void close() {
        exchanges.values().forEach(HttpTokenExchange::close);
    }
}
