package io.assistedswarm.rehearsal.kube;

import static io.assistedswarm.rehearsal.kube.TestingApi.CONFIG_MAPS;
import static io.assistedswarm.rehearsal.kube.TestingApi.configMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final String ONE = CONFIG_MAPS + "/one";
    private static final String OF_S1 = CONFIG_MAPS + "?labelSelector=assistedswarm.io/swarm=s1";

    private final TestingApi api = new TestingApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void beginsWithWhatIsThereAndGoesOnWithWhatHappens() {
        api.post(CONFIG_MAPS, configMap("one", "")).ok();
        try (var watch = api.watch(CONFIG_MAPS)) {
            assertThat(watch.next()).hasToString("ADDED one");
            api.post(CONFIG_MAPS, configMap("two", "")).ok();
            assertThat(watch.next()).hasToString("ADDED two");
            var changed = api.merge(ONE, "{\"data\": {\"a\": \"b\"}}").ok();
            var event = watch.next();
            assertThat(event).hasToString("MODIFIED one");
            assertThat(event.object()).isEqualTo(changed.body());
            api.delete(ONE).ok();
            var deletion = watch.next();
            assertThat(deletion).hasToString("DELETED one");
            assertThat(deletion.version()).isGreaterThan(event.version());
        }
    }

    @Test
    void goesOnAfterTheVersionOfAList() {
        api.post(CONFIG_MAPS, configMap("one", "")).ok();
        var list = api.get(CONFIG_MAPS).ok();
        api.post(CONFIG_MAPS, configMap("two", "")).ok();
        try (var watch = api.watch(CONFIG_MAPS + "?resourceVersion=" + list.version())) {
            assertThat(watch.next()).hasToString("ADDED two");
            api.merge(ONE, "{\"data\": {\"a\": \"b\"}}").ok();
            assertThat(watch.next()).hasToString("MODIFIED one");
        }
    }

    @Test
    void refusesAVersionThatIsForgotten() {
        var list = api.get(CONFIG_MAPS).ok();
        api.post(CONFIG_MAPS, configMap("one", "")).ok();
        for (int i = 0; i < 25; i++) {
            api.merge(ONE, "{\"data\": {\"i\": \"" + i + "\"}}").ok();
        }
        try (var watch = api.watch(CONFIG_MAPS + "?resourceVersion=" + list.version())) {
            var event = watch.next();
            assertThat(event.type()).isEqualTo("ERROR");
            assertThat(event.object().path("code").asInt()).isEqualTo(410);
            assertThat(Json.text(event.object(), "reason")).isEqualTo("Expired");
            assertThat(watch.endsWithin(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void refusesAVersionOfAnEarlierRun() {
        try (var watch = api.watch(CONFIG_MAPS + "?resourceVersion=12")) {
            assertThat(watch.next().object().path("code").asInt()).isEqualTo(410);
        }
    }

    @Test
    void showsAnObjectThatEntersTheSelectionAsAddedAndOneThatLeavesItAsDeleted() {
        api.post(CONFIG_MAPS, configMap("one", "labels: {assistedswarm.io/swarm: s2}"))
                .ok();
        try (var watch = api.watch(OF_S1)) {
            api.merge(ONE, "{\"metadata\": {\"labels\": {\"assistedswarm.io/swarm\": \"s1\"}}}")
                    .ok();
            assertThat(watch.next()).hasToString("ADDED one");
            var left = api.merge(ONE, "{\"metadata\": {\"labels\": null}}").ok();
            var event = watch.next();
            assertThat(event).hasToString("DELETED one");
            assertThat(event.version()).isEqualTo(Long.parseLong(left.version()));
            assertThat(event.object().path("metadata").path("labels"))
                    .as("the last state that was to be seen")
                    .hasToString("{\"assistedswarm.io/swarm\":\"s1\"}");
            api.delete(ONE).ok();
            api.post(CONFIG_MAPS, configMap("two", "labels: {assistedswarm.io/swarm: s1}"))
                    .ok();
            assertThat(watch.next()).hasToString("ADDED two");
        }
    }

    @Test
    void showsTransitionsOfThePastToo() {
        api.post(CONFIG_MAPS, configMap("one", "labels: {assistedswarm.io/swarm: s1}"))
                .ok();
        var list = api.get(OF_S1).ok();
        api.merge(ONE, "{\"metadata\": {\"labels\": null}}").ok();
        try (var watch = api.watch(OF_S1 + "&resourceVersion=" + list.version())) {
            assertThat(watch.next()).hasToString("DELETED one");
        }
    }

    @Test
    void watchesOneObjectByItsName() {
        api.post(CONFIG_MAPS, configMap("one", "")).ok();
        api.post(CONFIG_MAPS, configMap("two", "")).ok();
        try (var watch = api.watch(CONFIG_MAPS + "?fieldSelector=metadata.name=two")) {
            assertThat(watch.next()).hasToString("ADDED two");
            api.merge(ONE, "{\"data\": {\"a\": \"b\"}}").ok();
            api.merge(CONFIG_MAPS + "/two", "{\"data\": {\"a\": \"b\"}}").ok();
            assertThat(watch.next()).hasToString("MODIFIED two");
        }
    }

    @Test
    void sendsBookmarksThatAWatchCanGoOnFrom() {
        var version = api.get(CONFIG_MAPS).version();
        // Changes of other kinds move the version on although this watch sees none of them.
        var later = api.post(TestingApi.INFRA_ENVS, TestingApi.infraEnv("one", ""))
                .ok()
                .version();
        try (var watch = api.watch(CONFIG_MAPS + "?allowWatchBookmarks=true&resourceVersion=" + version)) {
            var bookmark = watch.next();
            assertThat(bookmark.type()).isEqualTo("BOOKMARK");
            assertThat(Json.text(bookmark.object(), "kind")).isEqualTo("ConfigMap");
            assertThat(bookmark.version()).isGreaterThanOrEqualTo(Long.parseLong(later));
        }
    }

    @Test
    void saysWhereTheInitialEventsEnd() {
        api.post(CONFIG_MAPS, configMap("one", "")).ok();
        try (var watch = api.watch(
                CONFIG_MAPS + "?sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan")) {
            assertThat(watch.next()).hasToString("ADDED one");
            var end = watch.next();
            assertThat(end.type()).isEqualTo("BOOKMARK");
            assertThat(end.object().path("metadata").path("annotations"))
                    .hasToString("{\"k8s.io/initial-events-end\":\"true\"}");
        }
    }

    @Test
    void endsWhenItsTimeIsOver() {
        try (var watch = api.watch(CONFIG_MAPS + "?timeoutSeconds=1")) {
            assertThat(watch.endsWithin(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void cutsOffAWatcherThatFallsTooFarBehindAndTellsItNothingOutOfOrder() throws InterruptedException {
        var settings = new KubeApiSettings(100, 3, Duration.ofSeconds(1), Duration.ofMinutes(1), Set.of(), 1_000);
        var catalog = ResourceCatalog.load();
        var store = new ObjectStore(catalog, settings);
        var registry = new Registry(store, InstantSource.system());
        var shelf = store.shelf(registry.namespaces());
        try (var watcher = shelf.watch(Selection.ALL, OptionalLong.empty()).orElseThrow()) {
            for (int i = 0; i < 5; i++) {
                var namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
                namespace.putObject("metadata").put("name", "n" + i);
                var options = new WriteOptions(
                        "test", false, false, WriteOptions.FieldValidation.STRICT, "", new ArrayList<>());
                registry.create(registry.namespaces(), "", namespace, options);
            }
            assertThat(watcher.isCutOff()).isTrue();
            var told = new ArrayList<String>();
            for (var event = watcher.next(Duration.ZERO); event.isPresent(); event = watcher.next(Duration.ZERO)) {
                told.add(event.get().object().key().name());
            }
            assertThat(told).containsExactly("n0", "n1", "n2");
        }
    }
}
