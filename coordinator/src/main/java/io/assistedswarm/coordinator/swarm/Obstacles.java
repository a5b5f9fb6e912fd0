package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.NotFound;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.Unmet;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.pattern.StatusReply;

/** Why clusters and hosts of a swarm do not move, in the words of the objects on the hub, and how many of them share each reason. */
final class Obstacles {
    private static final int EXAMPLES = 3;
    private static final int MOST = 10;
    private static final String STATE = "state";

    /** What differs from host to host in a message that is otherwise the same: UUIDs, MACs, and numbers, those of names among them. */
    private static final Pattern OWN =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|([0-9a-f]{2}:){5}[0-9a-f]{2}|\\d+");

    private final Progress progress;
    private final Sightings sightings;

    Obstacles(Progress progress, Sightings sightings) {
        this.progress = progress;
        this.sightings = sightings;
    }

    /** What one object says of one cluster or host. */
    private record Said(
            String kind,
            String name,
            String object,
            String condition,
            String reason,
            String message,
            Optional<Instant> since) {
        private Cause cause() {
            return new Cause(
                    kind, object, condition, reason, OWN.matcher(message).replaceAll("#"));
        }
    }

    private record Cause(String kind, String object, String condition, String reason, String message) {}

    void answer(SwarmsCommand.GetObstacles get) {
        boolean known =
                get.cluster().map(cluster -> progress.spec(cluster).isPresent()).orElse(true)
                        && get.host()
                                .map(host -> progress.spec(host.cluster())
                                        .filter(spec -> host.index() < spec.hostCount())
                                        .isPresent())
                                .orElse(true);
        if (!known) {
            String name = get.host()
                    .map(HostId::name)
                    .or(() -> get.cluster().map(ClusterId::name))
                    .orElseThrow();
            get.replyTo().tell(StatusReply.error(new NotFound("swarm " + get.swarm() + " has no '" + name + "'")));
            return;
        }
        List<Said> all = progress.clusters().flatMap(this::said).toList();
        Predicate<Said> wanted = get.host()
                .<Predicate<Said>>map(host -> said -> said.name().equals(host.name()))
                .or(() -> get.cluster().map(cluster -> {
                    Set<String> names = namesOf(progress.spec(cluster).orElseThrow());
                    return said -> names.contains(said.name());
                }))
                .orElse(said -> true);
        get.replyTo().tell(StatusReply.success(counted(all, wanted)));
    }

    private static Set<String> namesOf(ClusterSpec cluster) {
        Set<String> names = new HashSet<>();
        names.add(cluster.id().name());
        cluster.hosts().forEach(host -> names.add(host.name()));
        return names;
    }

    private static List<ObstacleView> counted(List<Said> all, Predicate<Said> wanted) {
        Map<Cause, List<Said>> inSwarm =
                all.stream().collect(Collectors.groupingBy(Said::cause, LinkedHashMap::new, Collectors.toList()));
        return inSwarm.values().stream()
                .flatMap(sharing -> {
                    List<Said> group = sharing.stream().filter(wanted).toList();
                    return group.isEmpty() ? Stream.empty() : Stream.of(view(group, sharing.size()));
                })
                // A condition says more than that something is in a state.
                .sorted(Comparator.comparing(
                                (ObstacleView view) -> view.condition().equals(STATE))
                        .thenComparingInt(view -> -view.count()))
                .limit(MOST)
                .toList();
    }

    private static ObstacleView view(List<Said> group, int inSwarm) {
        Said first = group.getFirst();
        return new ObstacleView(
                first.kind(),
                first.object(),
                first.condition(),
                first.reason(),
                first.message(),
                group.stream().flatMap(said -> said.since().stream()).min(Comparator.naturalOrder()),
                group.size(),
                group.stream().limit(EXAMPLES).map(Said::name).toList(),
                inSwarm);
    }

    /** Of a cluster that is on its way, and of its hosts that are. */
    private Stream<Said> said(ClusterSpec spec) {
        ClusterId cluster = spec.id();
        Stream<Said> own = progress.phase(cluster).isEnd() ? Stream.empty() : saidOf(cluster);
        return progress.assignment(cluster).isEmpty()
                ? own
                : Stream.concat(
                        own,
                        spec.hosts().stream()
                                .filter(host -> !progress.hostEnded(host))
                                .flatMap(this::saidOf));
    }

    private Stream<Said> saidOf(ClusterId cluster) {
        Stream<Said> image = sightings.infraEnv(cluster).stream()
                .filter(infraEnv -> infraEnv.isoDownloadUrl().isEmpty()
                        && !infraEnv.imageMessage().isEmpty())
                .map(infraEnv -> new Said(
                        "cluster",
                        cluster.name(),
                        "InfraEnv",
                        "ImageCreated",
                        "",
                        infraEnv.imageMessage(),
                        Optional.empty()));
        return Stream.concat(image, sightings.install(cluster).stream().flatMap(install -> said(cluster, install)));
    }

    private Stream<Said> said(ClusterId cluster, AgentClusterInstallState install) {
        return install.unmet().isEmpty()
                ? Stream.of(new Said(
                        "cluster",
                        cluster.name(),
                        "AgentClusterInstall",
                        STATE,
                        install.state(),
                        install.stateInfo(),
                        Optional.of(progress.since(cluster))))
                : install.unmet().stream().map(unmet -> said("cluster", cluster.name(), "AgentClusterInstall", unmet));
    }

    private Stream<Said> saidOf(HostId host) {
        Optional<AgentState> agent = sightings.agent(host);
        if (agent.isEmpty()) {
            return sightings.image(host).stream()
                    .filter(image -> !image.message().isEmpty())
                    .map(image -> new Said(
                            "host",
                            host.name(),
                            "PreprovisioningImage",
                            "Ready",
                            "",
                            image.message(),
                            Optional.empty()));
        }
        AgentState seen = agent.get();
        return seen.unmet().isEmpty() || !seen.stage().isEmpty()
                ? Stream.of(new Said(
                        "host",
                        host.name(),
                        "Agent",
                        STATE,
                        seen.state(),
                        seen.stage().isEmpty() ? seen.stateInfo() : seen.stage(),
                        Optional.of(progress.since(host))))
                : seen.unmet().stream().map(unmet -> said("host", host.name(), "Agent", unmet));
    }

    private static Said said(String kind, String name, String object, Unmet unmet) {
        return new Said(kind, name, object, unmet.type(), unmet.reason(), unmet.message(), unmet.since());
    }
}
