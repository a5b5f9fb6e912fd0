package io.assistedswarm.worker.process;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.TemplateScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folders and files of this worker's hosts: {@code <root>/<swarm>/<cluster>/<host>/}, all private. Its methods block; everything
 * may be done again.
 *
 * @param root absolute
 */
public record Workspace(Path root) implements Markers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** An entry of the hosts file, as the dry installer and controller read it (assisted-installer, src/config/dry_run_config.go). */
    record ClusterHost(String hostname, String ip, String rebootMarkerPath) {}

    public Workspace {
        root = root.toAbsolutePath().normalize();
    }

    public Path swarmFolder(SwarmId swarm) {
        return root.resolve(swarm.value());
    }

    /** @return the swarm's folder, which is there now */
    public Path makeSwarmFolder(SwarmId swarm) {
        try {
            return Files.createDirectories(swarmFolder(swarm), PRIVATE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder of swarm " + swarm + ": " + e.getMessage(), e);
        }
    }

    public Path clusterFolder(ClusterId cluster) {
        return swarmFolder(cluster.swarm()).resolve(cluster.name());
    }

    public Path hostFolder(HostId host) {
        return clusterFolder(host.cluster()).resolve(host.name());
    }

    public Path controllerFolder(ClusterId cluster) {
        return clusterFolder(cluster).resolve("controller");
    }

    public Path agentLog(HostId host) {
        return hostFolder(host).resolve("agent.log");
    }

    public Path controllerLog(ClusterId cluster) {
        return controllerFolder(cluster).resolve("controller.log");
    }

    /** Who is in the cluster and where each one's reboot marker would be. */
    public Path hostsFile(ClusterId cluster) {
        return clusterFolder(cluster).resolve("hosts.json");
    }

    /** Its existence means that the host has rebooted. */
    public Path marker(HostId host) {
        return clusterFolder(host.cluster()).resolve("markers").resolve(host.name());
    }

    @Override
    public boolean hasMarker(HostId host) {
        return Files.exists(marker(host));
    }

    /** Makes the cluster's folders and its hosts file, before any process of it is started here. */
    public void prepare(ClusterSpec cluster) {
        try {
            Files.createDirectories(clusterFolder(cluster.id()).resolve("markers"), PRIVATE);
            Path file = hostsFile(cluster.id());
            if (!Files.exists(file)) {
                // Real paths: containers do not see the links of this machine.
                Path markers = clusterFolder(cluster.id()).resolve("markers").toRealPath();
                List<ClusterHost> hosts = cluster.hosts().stream()
                        .map(host -> new ClusterHost(
                                TemplateScope.hostname(cluster, host),
                                Identity.ipv4(host),
                                markers.resolve(host.name()).toString()))
                        .toList();
                // Hosts of one cluster may do this at the same time: each has a file of its own until it is complete.
                Path part = Files.createTempFile(file.getParent(), "hosts", ".part");
                JSON.writeValue(part.toFile(), hosts);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot prepare the folder of cluster " + cluster.id() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void makeMarker(HostId host) {
        Path marker = marker(host);
        try {
            Files.createDirectories(marker.getParent(), PRIVATE);
            Files.createFile(marker);
        } catch (FileAlreadyExistsException e) {
            // Made before: that is all there is to it.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the reboot marker of " + host + ": " + e.getMessage(), e);
        }
    }

    /** Those that have files here, or had containers. */
    public List<SwarmId> swarms() {
        return Stream.of(root, root.resolve(".containers"))
                .flatMap(folder -> names(folder).stream())
                .filter(SwarmId::isValid)
                .distinct()
                .map(SwarmId::new)
                .toList();
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + folder, e);
        }
    }

    /** Removes all files of a swarm. */
    public void remove(SwarmId swarm) throws IOException {
        try (Stream<Path> files = Files.walk(swarmFolder(swarm))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // Nothing of it was ever here.
        }
    }
}
