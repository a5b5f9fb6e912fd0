package io.assistedswarm.rehearsal.service;

import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.rehearsal.service.controller.Controllers;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.rest.HttpFront;
import io.assistedswarm.rehearsal.service.rest.RestApi;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;

/** The stand-in for assisted-service in kube-api mode: REST API, state machines, monitors and controllers in one. */
public final class AssistedService implements AutoCloseable {
    private final Controllers controllers;
    private final Monitors monitors;
    private final HttpFront front;

    private AssistedService(Controllers controllers, Monitors monitors, HttpFront front) {
        this.controllers = controllers;
        this.monitors = monitors;
        this.front = front;
    }

    /**
     * Returns once agents can register and the caches are filled.
     *
     * @param server bound to the address that {@code settings.url()} names; started here
     * @param client stays the caller's, who closes it after the service
     */
    public static AssistedService start(
            ServiceSettings settings, HttpServer server, KubernetesClient client, Clock clock) {
        Registry registry = new Registry();
        EventLog events = new EventLog(clock);
        Measurements measurements = new Measurements();
        LateChanges changes = new LateChanges();
        Evaluation evaluation = new Evaluation(settings, clock, events, changes);
        HostDesk hosts = new HostDesk(settings, registry, clock, events, changes, evaluation, measurements);
        ClusterDesk clusters = new ClusterDesk(registry, clock, events, changes, evaluation, measurements);
        Controllers controllers = new Controllers(client, settings, registry, clusters, clock);
        changes.target.set(controllers.changes());
        controllers.start();
        Monitors monitors = new Monitors(registry, evaluation, measurements);
        monitors.start(settings);
        HttpFront front = RestApi.serve(
                server, settings, registry, hosts, clusters, events, measurements, controllers.agentRegistrar());
        return new AssistedService(controllers, monitors, front);
    }

    /** The controllers need the desks, and the desks tell the controllers: one of them comes first. */
    private static final class LateChanges implements Changes {
        private final AtomicReference<Changes> target = new AtomicReference<>(NOBODY);

        @Override
        public void hostChanged(Host host) {
            target.get().hostChanged(host);
        }

        @Override
        public void clusterChanged(Cluster cluster) {
            target.get().clusterChanged(cluster);
        }
    }

    @Override
    public void close() {
        front.close();
        monitors.close();
        controllers.close();
    }
}
