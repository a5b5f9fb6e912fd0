package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.stream.Collectors;

/** A folder with a service config and the secrets that it names, none of which may be in what is said of it. */
final class TestingServiceConfig {
    static final String TOKEN = "a-token-that-must-not-be-shown-";
    private final Path folder;
    private final Problems problems = new Problems();

    TestingServiceConfig(Path folder) {
        this.folder = folder;
    }

    /** {@code USER.json} and {@code USER.token} */
    void writeSecretsOf(String user) throws IOException {
        String auth = Base64.getEncoder().encodeToString((user + ":pass").getBytes(StandardCharsets.UTF_8));
        writePullSecret(user + ".json", "cloud.openshift.com", auth);
        write(user + ".token", TOKEN + user + "\n", "rw-------");
    }

    void writePullSecret(String name, String registry, String auth) throws IOException {
        write(name, "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry, auth), "rw-------");
    }

    void write(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /** @param more lines of the spec, from the sixth line of the file on */
    ServiceSpec read(String more) throws IOException {
        Path file = Files.writeString(folder.resolve("service-config.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: ServiceConfig
                spec:
                  serviceEndpoint: https://svc
                  releaseImage: quay.io/r:4.18.1
                """ + more.indent(2));
        return ServiceConfigFile.read(file, problems).orElseThrow().service();
    }

    /** Of all that was read so far. */
    String wrong() {
        String all = problems.errors().stream().map(Problem::toString).collect(Collectors.joining("\n"));
        assertThat(all).doesNotContain(TOKEN);
        return all;
    }
}
