package io.assistedswarm.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Service configs as the hub has written them, changed by a test, with secrets of its own. */
final class TestingServiceConfig {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path hub;

    /** @param hub the folder that it writes to */
    TestingServiceConfig(Path hub) {
        this.hub = hub;
    }

    /** @return the file, beside the one that it is made of */
    Path changed(String of, String name, Consumer<ObjectNode> change) throws IOException {
        ObjectNode config = (ObjectNode) JSON.readTree(hub.resolve(of).toFile());
        change.accept((ObjectNode) config.path("spec"));
        return Files.writeString(hub.resolve(name), JSON.writeValueAsString(config));
    }

    /** Of several users instead of one. */
    Path ofUsers(String of, String name, List<Map<String, Object>> users) throws IOException {
        return changed(of, name, spec -> {
            spec.remove("pullSecretFile");
            if (spec.path("auth") instanceof ObjectNode auth) {
                auth.remove("offlineTokenFile");
            }
            spec.set("users", JSON.<ArrayNode>valueToTree(users));
        });
    }

    void writeSecret(String name, String text) throws IOException {
        Path file = Files.writeString(hub.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
