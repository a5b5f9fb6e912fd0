package io.assistedswarm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.worker.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
    private static final ClusterSpec CLUSTER = Samples.cluster(2, 0);
    private static final HostId HOST = CLUSTER.host(1);

    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void open() {
        workspace = new Workspace(folder);
    }

    @Test
    void writesTheHostsAsTheDryInstallerReadsThem() throws IOException {
        workspace.prepare(CLUSTER);
        JsonNode hosts =
                new ObjectMapper().readTree(workspace.hostsFile(Samples.CLUSTER).toFile());
        assertThat(hosts).hasSize(2);
        assertThat(hosts.get(1).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("hostname", "ip", "rebootMarkerPath");
        assertThat(hosts.get(1).path("hostname").asText()).isEqualTo("quickstart-7f3a-0-1");
        assertThat(hosts.get(1).path("ip").asText()).isEqualTo("10.123.0.2");
        assertThat(hosts.get(1).path("rebootMarkerPath").asText())
                .isEqualTo(workspace.marker(HOST).toString());
    }

    @Test
    void keepsItsFilesFromOtherUsers() throws IOException {
        workspace.prepare(CLUSTER);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(workspace.clusterFolder(Samples.CLUSTER))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(workspace.hostsFile(Samples.CLUSTER))))
                .isEqualTo("rw-------");
    }

    @Test
    void preparesAgainWithoutForgettingItsMarkers() {
        workspace.prepare(CLUSTER);
        workspace.makeMarker(HOST);
        workspace.prepare(CLUSTER);
        assertThat(workspace.hasMarker(HOST)).isTrue();
        assertThat(workspace.clusterFolder(Samples.CLUSTER)).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void makesAMarkerTwiceAndBeforeAnythingElse() {
        assertThat(workspace.hasMarker(HOST)).isFalse();
        workspace.makeMarker(HOST);
        workspace.makeMarker(HOST);
        assertThat(workspace.hasMarker(HOST)).isTrue();
        assertThat(workspace.hasMarker(CLUSTER.host(0))).isFalse();
    }

    @Test
    void removesAllFilesOfASwarmAndNoOthers() throws IOException {
        Path other = Files.createDirectories(folder.resolve("quickstart-7f3b"));
        workspace.prepare(CLUSTER);
        workspace.makeMarker(HOST);
        workspace.remove(Samples.SWARM);
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
        assertThat(other).exists();
        workspace.remove(Samples.SWARM);
    }
}
