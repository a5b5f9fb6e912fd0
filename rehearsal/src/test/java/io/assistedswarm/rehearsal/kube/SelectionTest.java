package io.assistedswarm.rehearsal.kube;

import static io.assistedswarm.rehearsal.kube.TestingApi.CONFIG_MAPS;
import static io.assistedswarm.rehearsal.kube.TestingApi.NAMESPACES;
import static io.assistedswarm.rehearsal.kube.TestingApi.configMap;
import static io.assistedswarm.rehearsal.kube.TestingApi.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    private final TestingApi api = new TestingApi();

    @BeforeEach
    void createObjects() {
        api.post(CONFIG_MAPS, configMap("a", "labels: {assistedswarm.io/swarm: s1, tier: web}"))
                .ok();
        api.post(CONFIG_MAPS, configMap("b", "labels: {assistedswarm.io/swarm: s1}"))
                .ok();
        api.post(CONFIG_MAPS, configMap("c", "labels: {assistedswarm.io/swarm: s2, tier: db}"))
                .ok();
        api.post(CONFIG_MAPS, configMap("d", "")).ok();
    }

    @AfterEach
    void close() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            assistedswarm.io/swarm=s1           | a b
            assistedswarm.io/swarm==s2          | c
            assistedswarm.io/swarm=missing      | ''
            assistedswarm.io/swarm!=s1          | c d
            assistedswarm.io/swarm=s1,tier=web  | a
            tier                                | a c
            !tier                               | b d
            tier in (web, db)                   | a c
            tier notin (web)                    | b c d
            assistedswarm.io/swarm in (s1),tier | a
            """)
    void selectsByLabels(String selector, String names) {
        var found = api.get(CONFIG_MAPS + "?labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .ok();
        assertThat(String.join(" ", found.names())).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            metadata.name=b                         | b
            metadata.name!=b                        | a c d
            metadata.namespace=n                    | a b c d
            metadata.namespace=other                | ''
            metadata.name==b,metadata.namespace=n   | b
            """)
    void selectsByFields(String selector, String names) {
        var found = api.get(CONFIG_MAPS + "?fieldSelector=" + selector).ok();
        assertThat(String.join(" ", found.names())).isEqualTo(names);
    }

    @Test
    void refusesSelectorsThatItDoesNotUnderstand() {
        assertThat(api.get(CONFIG_MAPS + "?labelSelector=a+b").code()).isEqualTo(400);
        var refused = api.get(CONFIG_MAPS + "?fieldSelector=spec.x=1");
        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("field label not supported: spec.x");
    }

    @Test
    void followsAnIndexedLabelThatChanges() {
        api.merge(CONFIG_MAPS + "/a", "{\"metadata\": {\"labels\": {\"assistedswarm.io/swarm\": \"s2\"}}}")
                .ok();
        assertThat(api.get(CONFIG_MAPS + "?labelSelector=assistedswarm.io/swarm=s1")
                        .names())
                .containsExactly("b");
        assertThat(api.get(CONFIG_MAPS + "?labelSelector=assistedswarm.io/swarm=s2")
                        .names())
                .containsExactly("a", "c");
    }

    @Test
    void listsAcrossNamespacesInOrder() {
        api.post(NAMESPACES, named("v1", "Namespace", "m")).ok();
        api.post(CONFIG_MAPS.replace("/n/", "/m/"), configMap("z", "")).ok();
        assertThat(api.get("/api/v1/configmaps").names()).containsExactly("z", "a", "b", "c", "d");
        assertThat(api.get(CONFIG_MAPS.replace("/n/", "/m/")).names()).containsExactly("z");
    }

    @Test
    void listsPageByPageUnderOneVersion() {
        var first = api.get(CONFIG_MAPS + "?limit=3").ok();
        assertThat(first.names()).containsExactly("a", "b", "c");
        assertThat(first.metadata().path("remainingItemCount").asInt()).isEqualTo(1);
        api.post(CONFIG_MAPS, configMap("e", "")).ok();
        var second = api.get(CONFIG_MAPS + "?limit=3&continue=" + first.text("metadata", "continue"))
                .ok();
        assertThat(second.names()).containsExactly("d", "e");
        assertThat(second.version()).isEqualTo(first.version());
        assertThat(second.metadata().has("continue")).isFalse();
        assertThat(api.get(CONFIG_MAPS + "?limit=3&continue=nonsense").code()).isEqualTo(400);
    }

    @Test
    void aListSaysOfWhichKindItIs() {
        var list = api.get(CONFIG_MAPS).ok();
        assertThat(List.of(list.text("kind"), list.text("apiVersion"))).containsExactly("ConfigMapList", "v1");
        assertThat(list.version()).isNotEmpty();
    }
}
