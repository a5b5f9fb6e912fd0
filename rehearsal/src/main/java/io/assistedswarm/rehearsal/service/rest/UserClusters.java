package io.assistedswarm.rehearsal.service.rest;

import io.assistedswarm.rehearsal.service.Cancellation;
import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.PullSecret;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.machine.Networks;
import io.assistedswarm.rehearsal.service.machine.Releases;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a user makes of clusters where there are no objects (assisted-service, internal/bminventory/inventory.go). */
final class UserClusters {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern DOTTED_NAME = Pattern.compile(NAME + "(\\." + NAME + ")*");
    private static final Set<ClusterState> CHANGEABLE = Set.of(
            ClusterState.INSUFFICIENT, ClusterState.READY, ClusterState.PENDING_FOR_INPUT, ClusterState.ADDING_HOSTS);

    private final ServiceSettings settings;
    private final ClusterDesk desk;
    private final Cancellation cancellation;
    private final ClusterJson json;
    private final Clock clock;

    UserClusters(ServiceSettings settings, ClusterDesk desk, Cancellation cancellation, ClusterJson json, Clock clock) {
        this.settings = settings;
        this.desk = desk;
        this.cancellation = cancellation;
        this.json = json;
        this.clock = clock;
    }

    void addTo(Router router) {
        String clusters = "/v2/clusters";
        String cluster = clusters + "/{cluster_id}";
        router.add("POST", clusters, Access.USER, this::register)
                .add("PATCH", cluster, Access.USER, this::update)
                .add("DELETE", cluster, Access.USER, this::deregister)
                .add("POST", cluster + "/actions/install", Access.USER, call -> act(call, desk::install))
                .add("POST", cluster + "/actions/cancel", Access.USER, call -> act(call, cancellation::cancel))
                .add("POST", cluster + "/actions/reset", Access.USER, call -> act(call, cancellation::reset))
                .add("POST", cluster + "/actions/allow-add-hosts", Access.USER, call -> act(call, this::addHosts))
                .add("POST", cluster + "/actions/allow-add-workers", Access.USER, call -> act(call, this::addHosts));
    }

    private Answer register(Call call) {
        ClusterParams.Create params = call.json("newClusterParams", ClusterParams.Create.class);
        ClusterParams.requireRehearsed(params.vipDhcpAllocation(), params.olmOperators());
        ClusterParams.requireTags(params.tags());
        requireShape(params.mode(), params.controlPlanes(), params.openshiftVersion());
        requirePlatform(params);
        Releases.Release release = params.ocpReleaseImage() == null
                ? settings.variables()
                        .releases()
                        .of(params.openshiftVersion())
                        .orElseThrow(
                                () -> Refusal.badRequest("Openshift version %s for CPU architecture %s is not supported"
                                        .formatted(params.openshiftVersion(), "x86_64")))
                : Releases.at(params.ocpReleaseImage())
                        .orElseThrow(() ->
                                Refusal.badRequest("failed to get release image by URL %s during cluster registration"
                                        .formatted(params.ocpReleaseImage())));
        Cluster.Definition definition = new Cluster.Definition(
                params.name(),
                orEmpty(params.baseDnsDomain()),
                release.image(),
                release.version(),
                params.controlPlanes(),
                0,
                0,
                params.userManaged(),
                ClusterParams.cidrs(params.machineNetworks()),
                params.clusterNetworks() == null
                        ? List.of(new Cluster.ClusterNetwork("10.128.0.0/14", 23))
                        : ClusterParams.clusterNetworks(params.clusterNetworks()),
                params.serviceNetworks() == null
                        ? List.of("172.30.0.0/16")
                        : ClusterParams.cidrs(params.serviceNetworks()),
                params.networkType() == null ? "OVNKubernetes" : params.networkType(),
                ClusterParams.ips(params.apiVips()),
                ClusterParams.ips(params.ingressVips()),
                orEmpty(params.sshPublicKey()));
        ClusterParams.requireVips(definition.apiVips(), definition.ingressVips(), definition.userManagedNetworking());
        ClusterParams.requireNetworks(definition);
        requireHeld(definition);
        PullSecret.problem(params.pullSecret(), settings, call.user(), List.of(release.image()))
                .ifPresent(problem -> {
                    throw Refusal.badRequest("pull secret for new cluster is invalid: " + problem);
                });
        requireNames(definition);
        Cluster cluster = new Cluster(UUID.randomUUID(), ObjectKey.NONE, definition, clock.instant());
        cluster.owner = call.user();
        cluster.wishes = wishes(
                Boolean.TRUE.equals(params.schedulableMasters()), definition.apiVips(), definition.ingressVips());
        cluster.tags = orEmpty(params.tags());
        desk.register(cluster);
        return Answer.json(201, cluster.locked(() -> json.of(cluster, true)));
    }

    private static void requireShape(String mode, int controlPlanes, String version) {
        if (mode.equals("None") && controlPlanes != 1) {
            throw Refusal.badRequest("single-node clusters must have a single control plane node");
        }
        int least = Releases.minor(version) >= 20 ? 2 : 3;
        if (mode.equals("Full") && (controlPlanes < least || controlPlanes > 5)) {
            throw Refusal.badRequest(
                    "there should be %d-5 dedicated control plane nodes for high availability mode Full in openshift version %s or newer"
                            .formatted(least, least == 2 ? "4.20" : "4.18"));
        }
    }

    private static void requirePlatform(ClusterParams.Create params) {
        if (params.controlPlanes() != 1) {
            return;
        }
        if (params.platform() != null && params.platform().type().equals("baremetal")) {
            throw Refusal.badRequest("Can't set baremetal platform on single node OpenShift");
        }
        if (Boolean.FALSE.equals(params.userManagedNetworking())) {
            throw Refusal.badRequest("Can't disable user-managed-networking on single node OpenShift");
        }
    }

    /** VIPs that come with machine networks must lie in the first of them. */
    private static void requireHeld(Cluster.Definition definition) {
        if (definition.machineNetworks().isEmpty()) {
            return;
        }
        String network = definition.machineNetworks().getFirst();
        definition.apiVips().stream()
                .filter(vip -> !Networks.contains(network, vip))
                .findFirst()
                .ifPresent(vip -> {
                    throw Refusal.badRequest(
                            "api-vip <%s> does not belong to machine-network-cidr <%s>".formatted(vip, network));
                });
        definition.ingressVips().stream()
                .filter(vip -> !Networks.contains(network, vip))
                .findFirst()
                .ifPresent(vip -> {
                    throw Refusal.badRequest(
                            "ingress-vip <%s> does not belong to machine-network-cidr <%s>".formatted(vip, network));
                });
    }

    private static void requireNames(Cluster.Definition definition) {
        if (!(definition.userManagedNetworking() ? DOTTED_NAME : NAME)
                .matcher(definition.name())
                .matches()) {
            throw Refusal.badRequest(
                    ("Cluster name format is not valid: '%s'. Name must start and end with either a letter"
                                    + " or number and consist of lower-case letters, numbers, and hyphens. Subdomains in cluster"
                                    + " names are only valid with none platform.")
                            .formatted(definition.name()));
        }
        if (!definition.baseDomain().isEmpty()
                && !DOTTED_NAME.matcher(definition.baseDomain()).matches()) {
            throw Refusal.badRequest("base DNS domain '%s' is not valid".formatted(definition.baseDomain()));
        }
    }

    private static Cluster.Wishes wishes(boolean schedulable, List<String> apiVips, List<String> ingressVips) {
        return new Cluster.Wishes(false, schedulable, apiVips, ingressVips, Set.of(), Set.of(), "");
    }

    private Answer update(Call call) {
        ClusterParams.Update params = call.json("clusterUpdateParams", ClusterParams.Update.class);
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        ClusterParams.requireRehearsed(params.vipDhcpAllocation(), params.olmOperators());
        ClusterParams.requireTags(params.tags());
        cluster.lockedRun(() -> {
            Cluster.Definition definition = updated(cluster, params);
            if (!CHANGEABLE.contains(cluster.state)) {
                throw Refusal.conflict(
                        "Cluster %s is in %s state, cluster can be updated only in one of [insufficient ready pending-for-input adding-hosts]"
                                .formatted(cluster.id, cluster.state.wireName()));
            }
            requireNames(definition);
            requireFoundNetworks(cluster, params, definition);
            boolean schedulable = params.schedulableMasters() == null
                    ? cluster.wishes.schedulableMasters()
                    : params.schedulableMasters();
            cluster.tags = or(params.tags(), cluster.tags);
            desk.redefine(cluster, definition, wishes(schedulable, definition.apiVips(), definition.ingressVips()));
        });
        return Answer.json(201, cluster.locked(() -> json.of(cluster, true)));
    }

    private Cluster.Definition updated(Cluster cluster, ClusterParams.Update params) {
        Cluster.Definition before = cluster.definition;
        int controlPlanes = or(params.controlPlaneCount(), before.controlPlanes());
        if (params.controlPlaneCount() != null && !cluster.day2) {
            requireShape(before.controlPlanes() == 1 ? "None" : "Full", controlPlanes, before.openshiftVersion());
        }
        if (before.controlPlanes() == 1 && Boolean.FALSE.equals(params.userManagedNetworking())) {
            throw Refusal.badRequest("disabling UserManagedNetworking is not allowed in single node mode");
        }
        if (params.pullSecret() != null) {
            PullSecret.problem(params.pullSecret(), settings, cluster.owner, List.of(before.releaseImage()))
                    .ifPresent(problem -> {
                        throw Refusal.badRequest(problem);
                    });
        }
        boolean userManaged = params.platform() == null
                ? or(params.userManagedNetworking(), before.userManagedNetworking())
                : !params.platform().type().equals("baremetal");
        List<String> apiVips = params.apiVips() == null ? cluster.apiVips : ClusterParams.ips(params.apiVips());
        List<String> ingressVips =
                params.ingressVips() == null ? cluster.ingressVips : ClusterParams.ips(params.ingressVips());
        if (before.controlPlanes() == 1 && params.apiVips() == null && params.ingressVips() == null) {
            // The service itself gave them to the single node.
            apiVips = List.of();
            ingressVips = List.of();
        }
        Cluster.Definition definition = new Cluster.Definition(
                or(params.name(), before.name()),
                or(params.baseDnsDomain(), before.baseDomain()),
                before.releaseImage(),
                before.openshiftVersion(),
                controlPlanes,
                before.workers(),
                before.arbiters(),
                userManaged,
                params.machineNetworks() == null
                        ? before.machineNetworks()
                        : ClusterParams.cidrs(params.machineNetworks()),
                params.clusterNetworks() == null
                        ? before.clusterNetworks()
                        : ClusterParams.clusterNetworks(params.clusterNetworks()),
                params.serviceNetworks() == null
                        ? before.serviceNetworks()
                        : ClusterParams.cidrs(params.serviceNetworks()),
                or(params.networkType(), before.networkType()),
                apiVips,
                ingressVips,
                or(params.sshPublicKey(), before.sshKey()));
        ClusterParams.requireVips(apiVips, ingressVips, userManaged);
        ClusterParams.requireNetworks(definition);
        return definition;
    }

    /** Where the service manages the network it finds the machine network itself, by the VIPs and the hosts that have reported. */
    private static void requireFoundNetworks(
            Cluster cluster, ClusterParams.Update params, Cluster.Definition definition) {
        if (definition.userManagedNetworking()) {
            return;
        }
        if (params.machineNetworks() != null && !params.machineNetworks().isEmpty()) {
            throw Refusal.badRequest(
                    "Setting the Machine Network CIDR is forbidden when the cluster is neither in VIP DHCP"
                            + " allocation mode nor using a user-managed load balancer");
        }
        if (params.apiVips() != null || params.ingressVips() != null) {
            definition.apiVips().stream()
                    .filter(vip -> Networks.holding(cluster, vip).isEmpty())
                    .findFirst()
                    .ifPresent(vip -> {
                        throw Refusal.badRequest(
                                "Calculate machine network CIDR: No suitable matching CIDR found for VIP " + vip);
                    });
        }
    }

    private Answer deregister(Call call) {
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        cluster.lockedRun(() -> {
            if (cluster.state == ClusterState.INSTALLING) {
                throw Refusal.conflict(
                        "cluster %s can not be removed while being installed, wait for the installation to timeout or reset the installation"
                                .formatted(cluster.id));
            }
        });
        cancellation.release(cluster);
        desk.deregister(cluster);
        return Answer.empty(204);
    }

    private void addHosts(Cluster cluster) {
        cluster.lockedRun(() -> {
            if (cluster.state != ClusterState.INSTALLED) {
                throw Refusal.badRequest(
                        "cannot transform cluster %s to day2. Expected cluster status: installed, but cluster status is: %s"
                                .formatted(cluster.id, cluster.state.wireName()));
            }
            desk.transformToDay2(cluster);
        });
    }

    private Answer act(Call call, Consumer<Cluster> action) {
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        action.accept(cluster);
        return Answer.json(202, cluster.locked(() -> json.raw(cluster)));
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private static String orEmpty(String text) {
        return or(text, "");
    }
}
