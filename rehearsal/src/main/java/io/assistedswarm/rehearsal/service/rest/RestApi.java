package io.assistedswarm.rehearsal.service.rest;

import io.assistedswarm.rehearsal.service.BindingDesk;
import io.assistedswarm.rehearsal.service.Cancellation;
import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.EventLog;
import io.assistedswarm.rehearsal.service.HostDesk;
import io.assistedswarm.rehearsal.service.Measurements;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.trouble.Disturbance;
import io.assistedswarm.rehearsal.trouble.Door;
import java.time.Clock;

/** The service's REST API and image service on one port. */
public final class RestApi {
    /** Of the single sign-on, on the service's port. */
    public static final String TOKEN_PATH = SignOnCalls.REALM + "/token";

    private RestApi() {}

    /**
     * Starts serving at a bound door.
     *
     * @param rehearsal the calls that the real service does not have
     */
    public static HttpFront serve(
            Door door,
            Disturbance disturbance,
            ServiceSettings settings,
            Registry registry,
            HostDesk hosts,
            ClusterDesk clusters,
            BindingDesk bindings,
            Cancellation cancellation,
            EventLog events,
            Measurements measurements,
            Clock clock,
            AgentRegistrar agents,
            RehearsalCalls rehearsal) {
        HostJson hostJson = new HostJson(settings);
        ClusterJson clusterJson = new ClusterJson(settings, hostJson);
        Files files = new Files(settings);
        Router router = new Router();
        new HostCalls(hosts, agents, hostJson).addTo(router);
        ClusterLogs logs = new ClusterLogs(clusterJson, events, clock);
        new ClusterCalls(registry, clusters, hosts, clusterJson, hostJson, files, logs).addTo(router);
        InfraEnvJson infraEnvJson = new InfraEnvJson(settings);
        new InfraEnvCalls(settings, hosts, files, infraEnvJson).addTo(router);
        new UserClusters(settings, clusters, cancellation, clusterJson, clock).addTo(router);
        new UserManifests(clusters).addTo(router);
        new UserInfraEnvs(settings, registry, clusters, hosts, infraEnvJson, clock).addTo(router);
        new UserHosts(registry, hosts, clusters, bindings, hostJson).addTo(router);
        new InfoCalls(settings, registry, events, measurements).addTo(router);
        if (settings.credentials() instanceof SsoTokens sso) {
            new SignOnCalls(sso).addTo(router);
        }
        rehearsal.addTo(router);
        return HttpFront.start(
                door, disturbance, router, Authentication.of(settings, registry, clock), measurements, rehearsal);
    }

    /** The image's address, as the InfraEnv's status shows it. */
    public static String imageUrl(ServiceSettings settings, InfraEnv infraEnv) {
        return InfraEnvCalls.imageUrl(settings, infraEnv);
    }

    /** The admin kubeconfig of a cluster, as its Secret holds it. */
    public static String kubeconfig(io.assistedswarm.rehearsal.service.model.Cluster cluster) {
        return Files.kubeconfig(cluster);
    }
}
