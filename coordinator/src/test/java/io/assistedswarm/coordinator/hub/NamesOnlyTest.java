package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NamesOnlyTest {
    private final NamesOnly store = new NamesOnly();

    @Test
    void givesWhatAnObjectIsNamedAndDeletedBy() {
        GenericKubernetesResource object = object("ns-1", "host-1", "7");
        object.getMetadata().setFinalizers(java.util.List.of("a/b"));
        object.getMetadata().setDeletionTimestamp("2026-11-27T00:00:00Z");
        object.setAdditionalProperty("status", Map.of("inventory", "long"));
        assertThat(store.put(store.getKey(object), object)).isNull();
        assertThat(store.values()).singleElement().satisfies(kept -> {
            assertThat(kept.getMetadata())
                    .isEqualTo(new ObjectMetaBuilder(object.getMetadata())
                            .withLabels(Map.of(Labels.SWARM, "demo"))
                            .build());
            assertThat(kept.getAdditionalProperties()).isEmpty();
        });
    }

    @Test
    void givesTheOneBeforeWhenItChangesOrGoes() {
        GenericKubernetesResource first = object("ns-1", "host-1", "7");
        String key = store.getKey(first);
        store.put(key, first);
        assertThat(store.put(key, object("ns-1", "host-1", "8")).getMetadata().getResourceVersion())
                .isEqualTo("7");
        assertThat(store.remove(key).getMetadata().getResourceVersion()).isEqualTo("8");
        assertThat(store.get(key)).isNull();
        assertThat(store.size()).isZero();
    }

    @Test
    void namesWhatIsInNoNamespace() {
        GenericKubernetesResource object = object(null, "demo-0", "1");
        object.getMetadata().setLabels(null);
        store.put(store.getKey(object), object);
        assertThat(store.get("demo-0").getMetadata().getNamespace()).isNull();
        assertThat(store.get("demo-0").getMetadata().getName()).isEqualTo("demo-0");
        assertThat(store.get("demo-0").getMetadata().getLabels()).isEmpty();
    }

    private static GenericKubernetesResource object(String namespace, String name, String version) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name)
                .withUid("uid-1")
                .withResourceVersion(version)
                .withLabels(Map.of(Labels.SWARM, "demo", Labels.CLUSTER, "demo-0"))
                .build());
        return object;
    }
}
