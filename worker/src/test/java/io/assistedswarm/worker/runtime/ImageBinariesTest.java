package io.assistedswarm.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.RuntimeSpec.Binaries;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.worker.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBinariesTest {
    /** Notes what it is asked; knows one image, which holds an agent. */
    private static final String PODMAN = """
            #!/bin/sh
            echo "$1" >>"$0.calls"
            case "$*" in
              'create --quiet --authfile '*' quay.io/agent:latest agent')
                [ "$(stat -c %a "$4")" = 600 ] && cp "$4" "$0.auth" && echo 'a warning' >&2 && echo 0123 ;;
              'create '*) echo 'Error: unable to pull: manifest unknown' >&2; exit 125 ;;
              'cp 0123:/usr/bin/agent '*) echo '#!/bin/sh' >"$3" ;;
              'cp '*) echo 'Error: no such file' >&2; exit 1 ;;
              'rm --force 0123') ;;
              *) exit 9 ;;
            esac
            """;

    @TempDir
    private Path folder;

    private Path podman;

    @BeforeEach
    void writePodman() throws IOException {
        podman = Files.createDirectory(folder.resolve("bin")).resolve("podman");
        Files.writeString(podman, PODMAN);
        Files.setPosixFilePermissions(podman, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void takesABinaryOutOfItsImageAndLeavesNoContainer() throws IOException {
        RuntimeSpec.Native extracted = extract(new Images("quay.io/agent:latest", "", ""));
        Path agent = folder.resolve("swarm/native/images/agent");
        assertThat(extracted.binaries())
                .isEqualTo(new Binaries(agent.toString(), "/opt/installer", "/opt/controller", ""));
        assertThat(extracted.images()).isEqualTo(Images.NONE);
        assertThat(agent).exists();
        assertThat(calls()).containsExactly("create", "cp", "rm");
    }

    @Test
    void pullsWithThePullSecretAndForgetsIt() throws IOException {
        extract(new Images("quay.io/agent:latest", "", ""));
        assertThat(Path.of(podman + ".auth")).hasContent(Samples.PULL_SECRET);
        assertThat(folder.resolve("swarm/native/images/auth.json")).doesNotExist();
    }

    @Test
    void saysWhichImageCannotBeHad() {
        assertThatThrownBy(() -> extract(new Images("quay.io/nowhere:latest", "", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("image 'quay.io/nowhere:latest' cannot be had: Error: unable to pull: manifest unknown");
        assertThat(folder.resolve("swarm/native/images/auth.json")).doesNotExist();
    }

    @Test
    void saysWhichImageDoesNotHoldItsBinaryAndRemovesTheContainer() throws IOException {
        Files.writeString(podman, PODMAN.replace("cp 0123:/usr/bin/agent", "cp 9999"));
        assertThatThrownBy(() -> extract(new Images("quay.io/agent:latest", "", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("image 'quay.io/agent:latest' does not hold /usr/bin/agent: Error: no such file");
        assertThat(calls()).endsWith("rm");
    }

    @Test
    void needsPodmanOnlyForImages() {
        RuntimeSpec.Native runtime = runtime(Images.NONE);
        assertThat(ImageBinaries.in(folder, "/nowhere").extract(runtime, new Secret(Samples.PULL_SECRET)))
                .isSameAs(runtime);
    }

    private RuntimeSpec.Native extract(Images images) {
        return ImageBinaries.in(folder.resolve("swarm"), podman.getParent() + ":" + System.getenv("PATH"))
                .extract(runtime(images), new Secret(Samples.PULL_SECRET));
    }

    private static RuntimeSpec.Native runtime(Images images) {
        return new RuntimeSpec.Native(
                new Binaries(images.agent().isEmpty() ? "/opt/agent" : "", "/opt/installer", "/opt/controller", ""),
                images,
                (RuntimeSpec.Exec) Samples.exec(),
                RuntimeSpec.Machine.AS_IT_IS,
                List.of(),
                Duration.ofSeconds(20));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(Path.of(podman + ".calls"));
    }
}
