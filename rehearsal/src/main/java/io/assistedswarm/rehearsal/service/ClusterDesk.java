package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.machine.ClusterMachine;
import io.assistedswarm.rehearsal.service.machine.HostMachine;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.model.Upload;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What a cluster's controller and its user may ask of the service: the installation, its finalisation, its end. */
public final class ClusterDesk {
    static final Set<String> FINALIZING_STAGES = Set.of(
            "Waiting for cluster operators",
            "Adding router ca",
            "Applying olm manifests",
            "Waiting for olm operators csv initialization",
            "Waiting for olm operators csv",
            "Waiting for OLM operator setup jobs",
            "Done");
    private static final Set<String> OPERATOR_STATES = Set.of("failed", "progressing", "available");

    private final Registry registry;
    private final Clock clock;
    private final EventLog events;
    private final Changes changes;
    private final Evaluation evaluation;
    private final Measurements measurements;
    private final Speakers speakers;

    public ClusterDesk(
            Registry registry,
            Clock clock,
            EventLog events,
            Changes changes,
            Evaluation evaluation,
            Measurements measurements,
            Speakers speakers) {
        this.registry = registry;
        this.clock = clock;
        this.events = events;
        this.changes = changes;
        this.evaluation = evaluation;
        this.measurements = measurements;
        this.speakers = speakers;
    }

    public Cluster cluster(UUID id) {
        return registry.cluster(id).orElseThrow(() -> Refusal.notFound("cluster", id));
    }

    public void register(Cluster cluster) {
        registry.add(cluster);
        measurements.clusterCreated();
        events.cluster(
                cluster,
                "cluster_registration_succeeded",
                "info",
                "Successfully registered cluster " + cluster.definition.name());
        cluster.lockedRun(() -> evaluation.cluster(cluster));
    }

    public void register(InfraEnv infraEnv) {
        registry.add(infraEnv);
    }

    /** Chooses a bootstrap among the masters and prepares the hosts; 409 unless the cluster is ready. */
    public void install(Cluster cluster) {
        cluster.lockedRun(() -> {
            if (cluster.state != ClusterState.READY) {
                throw Refusal.conflict("Cluster %s is not ready for installation, it is %s"
                        .formatted(cluster.id, cluster.state.wireName()));
            }
            chooseBootstrap(cluster);
            cluster.installStartedAt = Optional.of(clock.instant());
            cluster.preparedOnce = true;
            cluster.imagesGenerated = true;
            measurements.installationStarted();
            evaluation.moveCluster(
                    cluster,
                    new ClusterMachine.Move(
                            ClusterState.PREPARING_FOR_INSTALLATION, ClusterState.PREPARING_FOR_INSTALLATION.info()));
        });
    }

    /** Which master it is cannot be predicted in the real service; here it follows from the cluster's id. */
    private static void chooseBootstrap(Cluster cluster) {
        List<Host> masters =
                cluster.hostList().stream().filter(Host::isControlPlane).toList();
        if (masters.stream().noneMatch(host -> host.bootstrap)) {
            masters.get(Math.floorMod(cluster.id.hashCode(), masters.size())).bootstrap = true;
        }
    }

    /** Installs what waits to join an installed cluster: every host that is known and approved, each by itself. */
    public void installDay2(Cluster cluster) {
        cluster.lockedRun(() -> cluster.hosts.values().stream()
                .filter(host -> host.day2 && host.approved && host.state == HostState.KNOWN)
                .forEach(this::startInstalling));
    }

    /** One host, as a user of the REST API asks for it: there nobody approves. */
    public void installDay2(Host host) {
        host.lockedRun(() -> {
            if (host.cluster().isEmpty()) {
                throw Refusal.notFound("cluster of host", host.id);
            }
            if (!host.day2) {
                throw Refusal.conflict("method only allowed when adding hosts to an existing cluster");
            }
            if (host.state != HostState.KNOWN) {
                throw Refusal.conflict("cannot install host in state " + host.state.wireName());
            }
            startInstalling(host);
        });
    }

    private void startInstalling(Host host) {
        evaluation.moveHost(host, new HostMachine.Move(HostState.INSTALLING, "Installation is in progress"));
    }

    public void finalizingStage(UUID id, String stage) {
        Cluster cluster = cluster(id);
        if (!FINALIZING_STAGES.contains(stage)) {
            throw Refusal.invalid(
                    "finalizing_stage in body should be one of the finalizing stages, not '" + stage + "'");
        }
        cluster.lockedRun(() -> {
            requireFinalizing(cluster);
            cluster.finalizing = Optional.of(new Cluster.FinalizingProgress(stage, clock.instant()));
            touched(cluster);
        });
    }

    public void operator(UUID id, String name, String status, String info) {
        Cluster cluster = cluster(id);
        if (!OPERATOR_STATES.contains(status)) {
            throw Refusal.invalid("status in body should be one of "
                    + OPERATOR_STATES.stream().sorted().toList());
        }
        cluster.lockedRun(() -> {
            if (!cluster.operators.containsKey(name)) {
                throw Refusal.notFound("operator", name);
            }
            cluster.operators.put(name, new Cluster.Operator(name, status, info, Optional.of(clock.instant())));
            events.cluster(
                    cluster,
                    "cluster_operator_status",
                    "info",
                    "Operator %s status: %s message: %s".formatted(name, status, info));
            touched(cluster);
        });
    }

    /** Merges the certificate into the kubeconfig, without which the cluster would stay finalizing. */
    public void ingressCertificate(UUID id, String pem) {
        Cluster cluster = cluster(id);
        try {
            boolean none = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .isEmpty();
            if (none) {
                throw new CertificateException("no certificate in it");
            }
        } catch (CertificateException e) {
            throw Refusal.badRequest("the ingress certificate is not a PEM certificate: " + e.getMessage());
        }
        cluster.lockedRun(() -> {
            if (!cluster.state.installationBegun()) {
                throw Refusal.conflict("Cluster %s is in %s state, ingress ca can't be uploaded"
                        .formatted(cluster.id, cluster.state.wireName()));
            }
            cluster.kubeconfigMerged = true;
            touched(cluster);
        });
    }

    public Cluster complete(UUID id, boolean success, String error) {
        Cluster cluster = cluster(id);
        cluster.lockedRun(() -> {
            requireFinalizing(cluster);
            cluster.completion = Optional.of(new Cluster.Completion(success, error));
            events.cluster(
                    cluster,
                    success ? "cluster_installation_completed" : "cluster_installation_failed",
                    success ? "info" : "critical",
                    success ? "Successfully finished installing cluster" : "Failed installing cluster: " + error);
            touched(cluster);
        });
        return cluster;
    }

    public void logsProgress(UUID id, String state) {
        Cluster cluster = cluster(id);
        cluster.lockedRun(() -> cluster.controllerLogs = cluster.controllerLogs.reported(state, clock.instant()));
    }

    public void logsUploaded(UUID id, Upload upload) {
        Cluster cluster = cluster(id);
        cluster.lockedRun(() -> cluster.controllerLogs = cluster.controllerLogs.collected(clock.instant(), upload));
    }

    /** From installed to adding hosts, as the service does in kube-api mode in the same second. */
    public void transformToDay2(Cluster cluster) {
        cluster.lockedRun(() -> {
            if (cluster.state == ClusterState.INSTALLED) {
                cluster.day2 = true;
                evaluation.moveCluster(
                        cluster, new ClusterMachine.Move(ClusterState.ADDING_HOSTS, ClusterState.ADDING_HOSTS.info()));
            }
        });
    }

    /** Ends an installation under way, so that the cluster can be deregistered. */
    public void cancel(Cluster cluster) {
        cluster.lockedRun(() -> {
            if (cluster.state.underInstallation()) {
                evaluation.moveCluster(
                        cluster, new ClusterMachine.Move(ClusterState.CANCELLED, ClusterState.CANCELLED.info()));
                cluster.hosts.values().stream()
                        .filter(host -> host.state.underInstallation())
                        .forEach(host -> evaluation.moveHost(
                                host, new HostMachine.Move(HostState.CANCELLED, "Installation cancelled")));
            }
        });
    }

    public void deregister(Cluster cluster) {
        cluster.lockedRun(() -> {
            List.copyOf(cluster.hosts.values()).forEach(this::remove);
            registry.remove(cluster);
            evaluation.forget(cluster);
            events.forget(cluster.id);
            speakers.forget(cluster.id.toString());
        });
    }

    public void deregister(InfraEnv infraEnv) {
        infraEnv.lockedRun(() -> {
            registry.remove(infraEnv);
            events.forget(infraEnv.id);
        });
    }

    public void deregister(Host host) {
        host.lockedRun(() -> remove(host));
    }

    private void remove(Host host) {
        registry.remove(host);
        speakers.forget(host.id.toString());
    }

    /** Takes the user's wishes; once the installation is under way they come too late. */
    public void update(Cluster cluster, Cluster.Wishes wishes) {
        cluster.lockedRun(() -> {
            if (!cluster.state.beforeInstallation() || cluster.wishes.equals(wishes)) {
                return;
            }
            boolean otherVips = !cluster.userManagedNetworking()
                    && !(cluster.apiVips.equals(wishes.apiVips()) && cluster.ingressVips.equals(wishes.ingressVips()));
            if (otherVips) {
                cluster.apiVips = wishes.apiVips();
                cluster.ingressVips = wishes.ingressVips();
                cluster.machineNetworks = cluster.definition.machineNetworks();
            }
            cluster.wishes = wishes;
            evaluation.cluster(cluster);
            touched(cluster);
        });
    }

    /** What a user of the REST API makes of a cluster before its installation; looked at anew at once, with its hosts. */
    public void redefine(Cluster cluster, Cluster.Definition definition, Cluster.Wishes wishes) {
        cluster.lockedRun(() -> {
            boolean otherNetworks = !definition.machineNetworks().equals(cluster.definition.machineNetworks())
                    || !wishes.apiVips().equals(cluster.apiVips);
            cluster.definition = definition;
            cluster.wishes = wishes;
            cluster.apiVips = wishes.apiVips();
            cluster.ingressVips = wishes.ingressVips();
            if (otherNetworks) {
                cluster.machineNetworks = definition.machineNetworks();
            }
            evaluation.hostsOf(cluster);
            evaluation.cluster(cluster);
            touched(cluster);
        });
    }

    /** What the user may set on a host. Empty leaves it. */
    public void update(
            Host host, Optional<HostRole> role, Optional<String> hostname, boolean approved, Host.Wishes wishes) {
        host.lockedRun(() -> {
            boolean changed = host.approved != approved || !host.wishes.equals(wishes);
            host.approved = approved;
            host.wishes = wishes;
            if (role.isPresent() && host.role != role.get() && !host.state.underInstallation() && !host.state.ended()) {
                host.role = role.get();
                host.suggestedRole = role.get();
                changed = true;
            }
            if (hostname.isPresent() && !host.requestedHostname.equals(hostname.get())) {
                host.requestedHostname = hostname.get();
                changed = true;
            }
            if (changed) {
                host.updatedAt = clock.instant();
                evaluation.host(host);
                changes.hostChanged(host);
                host.cluster().ifPresent(changes::clusterChanged);
            }
        });
    }

    private void requireFinalizing(Cluster cluster) {
        if (cluster.state != ClusterState.FINALIZING) {
            throw Refusal.conflict(
                    "Cluster %s is in %s state, not finalizing".formatted(cluster.id, cluster.state.wireName()));
        }
    }

    private void touched(Cluster cluster) {
        cluster.updatedAt = clock.instant();
        changes.clusterChanged(cluster);
    }
}
