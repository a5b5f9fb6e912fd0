package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import io.assistedswarm.rehearsal.service.controller.Controllers;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.rest.HttpFront;
import io.assistedswarm.rehearsal.service.rest.RehearsalCalls;
import io.assistedswarm.rehearsal.service.rest.RestApi;
import io.assistedswarm.rehearsal.trouble.Disturbance;
import io.assistedswarm.rehearsal.trouble.Door;
import io.assistedswarm.rehearsal.trouble.Trouble;
import io.assistedswarm.rehearsal.trouble.TroubleSchedule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stand-in for assisted-service: REST API, state machines, monitors and, in kube-api mode, controllers in one. */
public final class AssistedService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AssistedService.class);
    private final ServiceSettings settings;
    private final KubernetesClient client;
    private final Clock clock;
    private final Registry registry = new Registry();
    private final Measurements measurements = new Measurements();
    private final Disturbance disturbance = new Disturbance(registry::installing);
    private final EventLog events;
    private final Speakers speakers;
    private final TroubleSchedule troubles;
    private final Evaluation evaluation;
    private final ClusterDesk clusters;
    private final HostDesk hosts;
    private final BindingDesk bindings;
    private final ScheduledExecutorService lease =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final HttpFront front;
    private volatile Leadership leadership;

    /** What ends with the process and starts with the next one; the rest is its database and its API. */
    private record Leadership(Optional<Controllers> controllers, Monitors monitors) implements AutoCloseable {
        Changes changes() {
            return controllers.map(Controllers::changes).orElse(Changes.NOBODY);
        }

        @Override
        public void close() {
            monitors.close();
            controllers.ifPresent(Controllers::close);
        }
    }

    private AssistedService(
            ServiceSettings settings,
            Door door,
            KubernetesClient client,
            Clock clock,
            TroubleSchedule.Place kubernetes) {
        this.settings = settings;
        this.client = client;
        this.clock = clock;
        this.events = new EventLog(clock);
        this.speakers = new Speakers(clock);
        this.troubles = new TroubleSchedule(Map.of(
                Trouble.Part.KUBERNETES,
                kubernetes,
                Trouble.Part.SERVICE,
                new TroubleSchedule.Place(disturbance, door, this::restart, signOn(settings))));
        Changes changes = new LeadersChanges();
        this.evaluation = new Evaluation(settings, clock, events, changes, measurements);
        this.hosts = new HostDesk(
                settings,
                registry,
                clock,
                events,
                changes,
                evaluation,
                measurements,
                stage -> disturbance.failsAt(stage.wireName()));
        this.clusters = new ClusterDesk(registry, clock, events, changes, evaluation, measurements, speakers);
        this.bindings = new BindingDesk(registry, changes, evaluation);
        this.leadership = candidate();
        lead(leadership);
        this.front = RestApi.serve(
                door,
                disturbance,
                settings,
                registry,
                hosts,
                clusters,
                bindings,
                new Cancellation(clusters, bindings, evaluation, events),
                events,
                measurements,
                clock,
                this::createAgent,
                new RehearsalCalls(speakers, troubles, this::restart));
    }

    /**
     * Returns once agents can register and the caches are filled.
     *
     * @param door bound to the address that {@code settings.url()} names; started here
     * @param client stays the caller's, who closes it after the service
     * @param kubernetes the API beside it, whose troubles are planned together with the service's
     */
    public static AssistedService start(
            ServiceSettings settings,
            Door door,
            KubernetesClient client,
            Clock clock,
            TroubleSchedule.Place kubernetes) {
        return new AssistedService(settings, door, client, clock, kubernetes);
    }

    /**
     * As if the process were killed and started again on its database: the API answers at once, but monitors and controllers wait
     * until the lease of the process before has run out (observed.md, trap 15).
     */
    public synchronized void restart() {
        leadership.close();
        Leadership next = candidate();
        leadership = next;
        Duration wait = settings.scale().of(settings.timeouts().leaderLease());
        log.info("the service is restarted, it will lead in {}", wait);
        var unused = lease.schedule(() -> lead(next), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Access tokens that run out at once; nobody is given another until the trouble is over. */
    private static TroubleSchedule.Credentials signOn(ServiceSettings settings) {
        if (!(settings.credentials() instanceof SsoTokens sso)) {
            return TroubleSchedule.Credentials.NONE;
        }
        return new TroubleSchedule.Credentials() {
            @Override
            public void expire() {
                sso.down(true);
                sso.expire();
            }

            @Override
            public void renew() {
                sso.down(false);
            }
        };
    }

    /** Who spoke for which host so far. */
    public Speakers speakers() {
        return speakers;
    }

    /** What goes wrong with the hub, and when. */
    public TroubleSchedule troubles() {
        return troubles;
    }

    /** Its caches are filled, but it does nothing yet. */
    private Leadership candidate() {
        Optional<Controllers> controllers = settings.variables().kubeApi()
                ? Optional.of(new Controllers(client, settings, registry, clusters, bindings, clock))
                : Optional.empty();
        controllers.ifPresent(Controllers::start);
        return new Leadership(controllers, new Monitors(registry, evaluation, measurements));
    }

    private synchronized void lead(Leadership next) {
        if (next.equals(leadership)) {
            next.monitors().start(settings);
            next.controllers().ifPresent(Controllers::lead);
        }
    }

    /** For what the REST API registers there is no object. */
    private void createAgent(Host host) {
        if (!host.infraEnv.byRest()) {
            leadership.controllers().orElseThrow().agentRegistrar().createAgent(host);
        }
    }

    /** The controllers need the desks, and the desks tell the controllers of now. */
    private final class LeadersChanges implements Changes {
        @Override
        public void hostChanged(Host host) {
            if (!host.infraEnv.byRest()) {
                leadership.changes().hostChanged(host);
            }
        }

        @Override
        public void clusterChanged(Cluster cluster) {
            if (!cluster.byRest()) {
                leadership.changes().clusterChanged(cluster);
            }
        }
    }

    @Override
    public synchronized void close() {
        troubles.close();
        front.close();
        lease.shutdownNow();
        leadership.close();
    }
}
