package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which kinds of requests to the hub go wrong at the moment, and since when: seen from the answers that its client gets, as that tries again by
 * itself for as long as it takes. Thread-safe.
 */
public final class HubHealth implements Interceptor {
    /** What is not tried again within this time is given up, and no present trouble. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

    private static final int OK = 200;

    /** A watch that cannot be taken up waits before each attempt twice as long as before, so many times. */
    private static final int DOUBLINGS = 5;

    /** The API server sends a bookmark to each watch about every minute: over plain HTTP the first sign that it is there. */
    private static final Duration BOOKMARK = Duration.ofMinutes(1);

    private static final Pattern RESOURCE =
            Pattern.compile("^.*/(?:api|apis/[^/]+)/[^/]+(?:/namespaces/[^/]+(?=/))?/([^/]+)(?:/.*)?$");

    private static final Logger LOG = LoggerFactory.getLogger(HubHealth.class);

    /** Whose objects are asked for; the client's own lines do not tell, as one client serves all swarms. */
    private static final Pattern SWARM = Pattern.compile(Pattern.quote(Labels.SWARM) + "=([a-z0-9-]+)");

    private final InstantSource clock;
    private final Duration watchInterval;
    private final Map<String, HubTroubleView> troubles = new ConcurrentSkipListMap<>();
    private final Set<Said> said = ConcurrentHashMap.newKeySet();
    /** By the kinds of each swarm that is watched. */
    private final Map<SwarmId, Map<String, Instant>> due = new ConcurrentHashMap<>();

    /** That this goes wrong for the swarm is in the log. */
    private record Said(SwarmId swarm, String what) {}

    /** @param watchInterval before the first attempt to take a watch up again */
    public HubHealth(InstantSource clock, Duration watchInterval) {
        this.clock = clock;
        this.watchInterval = watchInterval;
    }

    /** What goes wrong now, by what was asked for. */
    public List<HubTroubleView> troubles() {
        Instant forgotten = clock.instant().minus(FORGOTTEN_AFTER);
        troubles.values()
                .removeIf(trouble -> trouble.last().isBefore(forgotten)
                        && trouble.nextTry()
                                .filter(next -> next.isAfter(forgotten))
                                .isEmpty());
        return List.copyOf(troubles.values());
    }

    /** How long there has been no answer about a swarm's objects of a kind since there was to be one; zero before that. */
    Duration silence(SwarmId swarm, String plural) {
        Instant now = clock.instant();
        Instant next = due.getOrDefault(swarm, Map.of()).getOrDefault(plural, now);
        return next.isBefore(now) ? Duration.between(next, now) : Duration.ZERO;
    }

    /** From now on answers about it are waited for. */
    void watched(SwarmId swarm) {
        due.put(swarm, new ConcurrentHashMap<>());
    }

    /** Its deletion still asks, which waits for its answers by itself. */
    void unwatched(SwarmId swarm) {
        due.remove(swarm);
    }

    /** It will not be asked for again. */
    void forget(SwarmId swarm) {
        said.removeIf(each -> each.swarm().equals(swarm));
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (isTrouble(response.code())) {
            Duration asked = Optional.ofNullable(response.header("Retry-After"))
                    .filter(seconds -> seconds.matches("\\d{1,5}"))
                    .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                    .orElse(Duration.ZERO);
            note(request, "status " + response.code(), asked);
        } else {
            troubles.remove(what(request));
            expect(request, isWatch(request) && response.code() == OK ? BOOKMARK : Duration.ZERO);
            swarm(request)
                    .filter(swarm -> said.remove(new Said(swarm, what(request))))
                    .ifPresent(swarm -> LogIds.with(
                            LogIds.of(swarm),
                            () -> LOG.info("the hub does again what it is asked: {}", what(request))));
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        note(request, cause.getMessage() == null ? cause.toString() : cause.getMessage(), Duration.ZERO);
    }

    /** Not what is merely wrong with the one request. */
    private static boolean isTrouble(int status) {
        return status >= 500 || Set.of(401, 403, 408, 410, 429).contains(status);
    }

    /** Once for as long as it lasts, not at each attempt. */
    private void say(HttpRequest request, String error) {
        swarm(request)
                .filter(swarm -> said.add(new Said(swarm, what(request))))
                .ifPresent(swarm -> LogIds.with(
                        LogIds.of(swarm),
                        () -> LOG.warn("the hub does not do what it is asked: {}: [{}]", what(request), error)));
    }

    private static Optional<SwarmId> swarm(HttpRequest request) {
        Matcher swarm =
                SWARM.matcher(Optional.ofNullable(request.uri().getQuery()).orElse(""));
        return swarm.find() && SwarmId.isValid(swarm.group(1))
                ? Optional.of(new SwarmId(swarm.group(1)))
                : Optional.empty();
    }

    private void note(HttpRequest request, String error, Duration asked) {
        say(request, error);
        Instant now = clock.instant();
        troubles.compute(what(request), (what, before) -> {
            int attempts = before == null ? 1 : before.attempts() + 1;
            Duration doubled = watchInterval.multipliedBy(1L << Math.min(attempts - 1, DOUBLINGS));
            Duration pause = doubled.compareTo(asked) > 0 ? doubled : asked;
            expect(request, pause);
            return new HubTroubleView(
                    what,
                    error,
                    before == null ? now : before.since(),
                    now,
                    attempts,
                    isWatch(request) ? Optional.of(now.plus(pause)) : Optional.empty());
        });
    }

    private void expect(HttpRequest request, Duration pause) {
        swarm(request)
                .map(due::get)
                .ifPresent(kinds -> kinds.put(resource(request), clock.instant().plus(pause)));
    }

    private static String what(HttpRequest request) {
        return (isWatch(request) ? "WATCH" : request.method()) + " " + resource(request);
    }

    private static String resource(HttpRequest request) {
        Matcher resource = RESOURCE.matcher(request.uri().getPath());
        return resource.matches() ? resource.group(1) : request.uri().getPath();
    }

    private static boolean isWatch(HttpRequest request) {
        String query = request.uri().getQuery();
        return query != null && query.contains("watch=true");
    }
}
