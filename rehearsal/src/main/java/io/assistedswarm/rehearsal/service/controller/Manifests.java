package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The user's own manifests: ConfigMaps beside the AgentClusterInstall, read when the installation is to start. */
final class Manifests {
    private static final Pattern FILE = Pattern.compile(".+[.](yaml|yml|json)");
    private final Hub hub;

    Manifests(Hub hub) {
        this.hub = hub;
    }

    /** @throws InvalidInput if a ConfigMap is missing or has a file that is no manifest */
    void check(HubObject install) {
        names(install).forEach(name -> check(new ObjectKey(install.key().namespace(), name)));
    }

    private static List<String> names(HubObject install) {
        return Stream.concat(
                        Stream.of(install.text("spec", "manifestsConfigMapRef", "name")),
                        install.objects("spec", "manifestsConfigMapRefs").stream()
                                .map(ref -> String.valueOf(ref.get("name"))))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private void check(ObjectKey key) {
        ConfigMap manifests = hub.configMap(key)
                .orElseThrow(() -> new InvalidInput("ConfigMap %s with manifests is not there".formatted(key)));
        Optional.ofNullable(manifests.getData()).orElse(Map.of()).forEach((file, text) -> check(key, file, text));
    }

    private static void check(ObjectKey key, String file, String text) {
        if (!FILE.matcher(file).matches()) {
            throw new InvalidInput("manifest %s of ConfigMap %s must end in .yaml, .yml or .json".formatted(file, key));
        }
        try {
            for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
                if (!(document instanceof Map)) {
                    throw new InvalidInput("manifest %s of ConfigMap %s is no object".formatted(file, key));
                }
            }
        } catch (YamlEngineException e) {
            throw new InvalidInput("manifest %s of ConfigMap %s is no YAML".formatted(file, key));
        }
    }
}
