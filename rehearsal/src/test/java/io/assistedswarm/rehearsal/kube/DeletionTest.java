package io.assistedswarm.rehearsal.kube;

import static io.assistedswarm.rehearsal.kube.TestingApi.CONFIG_MAPS;
import static io.assistedswarm.rehearsal.kube.TestingApi.INFRA_ENVS;
import static io.assistedswarm.rehearsal.kube.TestingApi.NAMESPACES;
import static io.assistedswarm.rehearsal.kube.TestingApi.configMap;
import static io.assistedswarm.rehearsal.kube.TestingApi.infraEnv;
import static io.assistedswarm.rehearsal.kube.TestingApi.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeletionTest {
    private static final String ONE = CONFIG_MAPS + "/one";
    private static final String HOLD = "finalizers: [assistedswarm.io/hold]";
    private static final String RELEASE = "{\"metadata\": {\"finalizers\": null}}";

    private final TestingApi api = new TestingApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void removesAtOnceWhatHasNoFinalizers() {
        var created = api.post(CONFIG_MAPS, configMap("one", "")).ok();
        var deleted = api.delete(ONE).ok();
        assertThat(deleted.text("kind")).isEqualTo("Status");
        assertThat(deleted.text("details", "uid")).isEqualTo(created.uid());
        assertThat(api.get(ONE).code()).isEqualTo(404);
        assertThat(api.delete(ONE).code()).isEqualTo(404);
    }

    @Test
    void waitsForFinalizers() {
        api.post(CONFIG_MAPS, configMap("one", HOLD)).ok();
        var deleted = api.delete(ONE).ok();
        assertThat(deleted.text("metadata", "deletionTimestamp")).isNotEmpty();
        assertThat(api.delete(ONE).ok().version()).as("deleted twice").isEqualTo(deleted.version());
        api.merge(ONE, "{\"data\": {\"a\": \"b\"}}").ok();
        assertThat(api.get(ONE).text("metadata", "deletionTimestamp"))
                .isEqualTo(deleted.text("metadata", "deletionTimestamp"));
        api.merge(ONE, RELEASE).ok();
        assertThat(api.get(ONE).code()).isEqualTo(404);
    }

    @Test
    void isASpecChangeForWhoeverWatchesGenerations() {
        api.post(INFRA_ENVS, infraEnv("one", "").replace("name: one", "name: one, " + HOLD))
                .ok();
        assertThat(api.delete(INFRA_ENVS + "/one").metadata().path("generation").asInt())
                .isEqualTo(2);
    }

    @Test
    void takesNoNewFinalizersWhileItWaits() {
        api.post(CONFIG_MAPS, configMap("one", HOLD)).ok();
        api.delete(ONE).ok();
        var refused = api.merge(ONE, "{\"metadata\": {\"finalizers\": [\"assistedswarm.io/hold\", \"x.io/new\"]}}");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.causes()).containsExactly("metadata.finalizers");
        assertThat(api.post(CONFIG_MAPS, configMap("one", "")).code())
                .as("the name is taken")
                .isEqualTo(409);
    }

    @Test
    void refusesToDeleteAnotherObjectOrVersionThanMeant() {
        var created = api.post(CONFIG_MAPS, configMap("one", "")).ok();
        assertThat(api.delete(ONE, "{\"preconditions\": {\"uid\": \"other\"}}").code())
                .isEqualTo(409);
        assertThat(api.delete(ONE, "{\"preconditions\": {\"resourceVersion\": \"7\"}}")
                        .code())
                .isEqualTo(409);
        api.delete(ONE, "{\"preconditions\": {\"uid\": \"" + created.uid() + "\"}}")
                .ok();
    }

    @Test
    void deletesACollectionBySelectorButNotAcrossNamespaces() {
        api.post(CONFIG_MAPS, configMap("one", "labels: {a: '1'}")).ok();
        api.post(CONFIG_MAPS, configMap("two", "labels: {a: '2'}")).ok();
        assertThat(api.delete("/api/v1/configmaps?labelSelector=a").code()).isEqualTo(405);
        api.delete(CONFIG_MAPS + "?labelSelector=a=1").ok();
        assertThat(api.get(CONFIG_MAPS).names()).containsExactly("two");
    }

    @Test
    void aNamespaceTakesEverythingWithIt() {
        api.post(CONFIG_MAPS, configMap("one", "")).ok();
        api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        assertThat(api.delete(NAMESPACES + "/n").ok().text("status", "phase")).isEqualTo("Terminating");
        await().until(() -> api.get(NAMESPACES + "/n").code() == 404);
        assertThat(api.get(CONFIG_MAPS).names()).isEmpty();
        assertThat(api.get(INFRA_ENVS).names()).isEmpty();
    }

    @Test
    void aNamespaceWaitsForTheFinalizersOfWhatIsInItAndTakesNothingNew() {
        api.post(CONFIG_MAPS, configMap("one", HOLD)).ok();
        api.delete(NAMESPACES + "/n").ok();
        await().until(() -> api.get(ONE).metadata().has("deletionTimestamp"));

        var refused = api.post(CONFIG_MAPS, configMap("two", ""));
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message()).contains("because it is being terminated");
        assertThat(Json.text(refused.body().path("details").path("causes").path(0), "reason"))
                .isEqualTo("NamespaceTerminating");
        assertThat(api.apply(CONFIG_MAPS + "/two", "swarm", configMap("two", ""))
                        .code())
                .isEqualTo(403);
        assertThat(api.get(NAMESPACES + "/n").text("status", "phase")).isEqualTo("Terminating");

        api.merge(ONE, RELEASE).ok();
        await().until(() -> api.get(NAMESPACES + "/n").code() == 404);
    }

    @Test
    void aNamespaceCanBeMadeAgainOnceItIsGone() {
        var first = api.get(NAMESPACES + "/n");
        api.delete(NAMESPACES + "/n").ok();
        await().until(() -> api.get(NAMESPACES + "/n").code() == 404);
        var second = api.post(NAMESPACES, named("v1", "Namespace", "n")).ok();
        assertThat(second.uid()).isNotEqualTo(first.uid());
        api.post(CONFIG_MAPS, configMap("one", "")).ok();
    }

    @Test
    void anEmptyNamespaceWithAFinalizerOfItsOwnIsLeftInPeace() {
        var path = NAMESPACES + "/held";
        api.post(NAMESPACES, named("v1", "Namespace", "held").replace("}", ", " + HOLD + "}"))
                .ok();
        api.delete(path).ok();
        await().until(() -> !api.get(path).spec().has("finalizers"));
        var settled = api.get(path).version();
        // The sweeper takes one after the other: when this one is gone it has looked at the other again.
        api.delete(NAMESPACES + "/n").ok();
        await().until(() -> api.get(NAMESPACES + "/n").code() == 404);
        assertThat(api.get(path).version()).isEqualTo(settled);
        api.merge(path, RELEASE).ok();
        assertThat(api.get(path).code()).isEqualTo(404);
    }
}
