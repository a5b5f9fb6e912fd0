package io.assistedswarm.rehearsal.kube;

import static io.assistedswarm.rehearsal.kube.TestingApi.CONFIG_MAPS;
import static io.assistedswarm.rehearsal.kube.TestingApi.HOSTS;
import static io.assistedswarm.rehearsal.kube.TestingApi.INFRA_ENVS;
import static io.assistedswarm.rehearsal.kube.TestingApi.SECRETS;
import static io.assistedswarm.rehearsal.kube.TestingApi.configMap;
import static io.assistedswarm.rehearsal.kube.TestingApi.host;
import static io.assistedswarm.rehearsal.kube.TestingApi.infraEnv;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final String ONE = INFRA_ENVS + "/one";
    private static final String HOST_STATUS = """
            {"status": {"errorCount": 0, "errorMessage": "", "hardwareProfile": "", "operationalStatus": "discovered", "poweredOn": true,
                        "provisioning": {"ID": "", "state": "ready"}}}""";

    private final TestingApi api = new TestingApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void givesANewObjectItsIdentity() {
        var created = api.post(INFRA_ENVS, infraEnv("one", ""));
        assertThat(created.code()).isEqualTo(201);
        assertThat(created.text("metadata", "namespace")).isEqualTo("n");
        assertThat(created.uid()).isNotEmpty();
        assertThat(created.version()).isNotEmpty();
        assertThat(Instant.parse(created.text("metadata", "creationTimestamp"))).isBeforeOrEqualTo(Instant.now());
        assertThat(created.metadata().path("generation").asInt()).isEqualTo(1);
    }

    @Test
    void refusesANameThatIsTaken() {
        api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        var refused = api.post(INFRA_ENVS, infraEnv("one", ""));
        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.text("reason")).isEqualTo("AlreadyExists");
    }

    @Test
    void refusesANamespaceThatDoesNotExist() {
        var refused = api.post(INFRA_ENVS.replace("/n/", "/missing/"), infraEnv("one", ""));
        assertThat(refused.code()).isEqualTo(404);
        assertThat(refused.message()).isEqualTo("namespaces \"missing\" not found");
    }

    @Test
    void makesUpANameFromItsBeginning() {
        var one = api.post(CONFIG_MAPS, configMap("''", "generateName: part-")).ok();
        var two = api.post(CONFIG_MAPS, configMap("''", "generateName: part-")).ok();
        assertThat(one.text("metadata", "name")).matches("part-[a-z0-9]{5}").isNotEqualTo(two.text("metadata", "name"));
    }

    @Test
    void refusesAnUpdateOfAnOldVersion() {
        var first = api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        api.merge(ONE, "{\"spec\": {\"sshAuthorizedKey\": \"k\"}}").ok();
        var refused = api.put(ONE, first.body());
        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.text("reason")).isEqualTo("Conflict");
        assertThat(refused.message()).contains("the object has been modified");
        assertThat(api.get(ONE).text("spec", "sshAuthorizedKey")).isEqualTo("k");
    }

    @Test
    void refusesAnUpdateOfACustomResourceWithoutAVersion() {
        var object = (ObjectNode) api.post(INFRA_ENVS, infraEnv("one", "")).body();
        Json.child(object, "metadata").remove("resourceVersion");
        assertThat(api.put(ONE, object).causes()).containsExactly("metadata.resourceVersion");
    }

    @Test
    void replacesTheWholeObjectByAnUpdate() {
        var object = (ObjectNode)
                api.post(INFRA_ENVS, infraEnv("one", "sshAuthorizedKey: k")).body();
        Json.child(object, "spec").remove("sshAuthorizedKey");
        assertThat(api.put(ONE, object).ok().spec().has("sshAuthorizedKey")).isFalse();
    }

    @Test
    void mergesAPatchAndRemovesWhatItSetsToNull() {
        api.post(INFRA_ENVS, infraEnv("one", "sshAuthorizedKey: k, agentLabels: {a: '1', b: '2'}"))
                .ok();
        var patched = api.merge(
                        ONE, "{\"spec\": {\"sshAuthorizedKey\": null, \"agentLabels\": {\"b\": null, \"c\": \"3\"}}}")
                .ok();
        assertThat(patched.spec().has("sshAuthorizedKey")).isFalse();
        assertThat(patched.spec().path("agentLabels")).hasToString("{\"a\":\"1\",\"c\":\"3\"}");
    }

    @Test
    void refusesAMergePatchOfAnOldVersion() {
        api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        var refused =
                api.merge(ONE, "{\"metadata\": {\"resourceVersion\": \"7\"}, \"spec\": {\"sshAuthorizedKey\": \"k\"}}");
        assertThat(refused.code()).isEqualTo(409);
    }

    @Test
    void carriesOutTheOperationsOfAJsonPatch() {
        api.post(INFRA_ENVS, infraEnv("one", "sshAuthorizedKey: k, additionalNTPSources: [a, c]"))
                .ok();
        var patched = api.patch(ONE, """
                [{"op": "test", "path": "/spec/sshAuthorizedKey", "value": "k"},
                 {"op": "replace", "path": "/spec/sshAuthorizedKey", "value": "new"},
                 {"op": "add", "path": "/spec/additionalNTPSources/1", "value": "b"},
                 {"op": "add", "path": "/spec/additionalNTPSources/-", "value": "d"},
                 {"op": "remove", "path": "/spec/additionalNTPSources/0"},
                 {"op": "add", "path": "/metadata/annotations", "value": {"x/y": "1"}},
                 {"op": "copy", "from": "/metadata/annotations/x~1y", "path": "/metadata/annotations/z"}]""").ok();
        assertThat(patched.text("spec", "sshAuthorizedKey")).isEqualTo("new");
        assertThat(patched.spec().path("additionalNTPSources")).hasToString("[\"b\",\"c\",\"d\"]");
        assertThat(patched.metadata().path("annotations")).hasToString("{\"x/y\":\"1\",\"z\":\"1\"}");
    }

    @Test
    void aJsonPatchWhoseTestFailsChangesNothing() {
        var before =
                api.post(INFRA_ENVS, infraEnv("one", "sshAuthorizedKey: k")).ok();
        var refused = api.patch(ONE, """
                [{"op": "remove", "path": "/spec/sshAuthorizedKey"},
                 {"op": "test", "path": "/spec/pullSecretRef/name", "value": "other"}]""");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(api.get(ONE).body()).isEqualTo(before.body());
    }

    @Test
    void refusesAStrategicPatchOfACustomResource() {
        api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        assertThat(api.answer("PATCH", ONE, "application/strategic-merge-patch+json", "{}")
                        .code())
                .isEqualTo(415);
    }

    @Test
    void losesNoneOfManyPatchesAtTheSameTime() throws InterruptedException {
        api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        var writers = new ArrayList<Thread>();
        for (int i = 0; i < 30; i++) {
            var patch = "{\"spec\": {\"agentLabels\": {\"l" + i + "\": \"1\"}}}";
            writers.add(Thread.ofVirtual().start(() -> api.merge(ONE, patch)));
        }
        for (var writer : writers) {
            writer.join();
        }
        assertThat(api.get(ONE).spec().path("agentLabels")).hasSize(30);
        assertThat(api.get(ONE).metadata().path("generation").asInt()).isEqualTo(31);
    }

    @Test
    void ignoresStatusInWritesToTheObject() {
        var created = api.post(
                HOSTS,
                host("h")
                        + HOST_STATUS
                                .replaceFirst("\\{\"status\"", "\"status\"")
                                .replaceFirst("}$", ""));
        assertThat(created.ok().body().has("status")).isFalse();
        assertThat(api.merge(HOSTS + "/h", HOST_STATUS).ok().body().has("status"))
                .isFalse();
        var current = api.merge(HOSTS + "/h/status", HOST_STATUS).ok();
        assertThat(current.text("status", "provisioning", "state")).isEqualTo("ready");
        var withoutStatus = (ObjectNode) current.body();
        withoutStatus.remove("status");
        assertThat(api.put(HOSTS + "/h", withoutStatus).ok().text("status", "provisioning", "state"))
                .isEqualTo("ready");
    }

    @Test
    void ignoresEverythingButStatusInWritesToTheSubresource() {
        api.post(INFRA_ENVS, infraEnv("one", "sshAuthorizedKey: k")).ok();
        var patched = api.merge(ONE + "/status", """
                {"metadata": {"labels": {"a": "b"}, "finalizers": ["x/y"]}, "spec": {"sshAuthorizedKey": "other"},
                 "status": {"isoDownloadURL": "http://iso"}}""").ok();
        assertThat(patched.text("status", "isoDownloadURL")).isEqualTo("http://iso");
        assertThat(patched.text("spec", "sshAuthorizedKey")).isEqualTo("k");
        assertThat(patched.metadata().has("labels")).isFalse();
        assertThat(patched.metadata().has("finalizers")).isFalse();
    }

    @Test
    void countsGenerationsOfTheSpecOnly() {
        api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        assertThat(generationAfter(ONE, "{\"metadata\": {\"labels\": {\"a\": \"b\"}}}"))
                .isEqualTo(1);
        assertThat(generationAfter(ONE + "/status", "{\"status\": {\"isoDownloadURL\": \"u\"}}"))
                .isEqualTo(1);
        assertThat(generationAfter(ONE, "{\"spec\": {\"sshAuthorizedKey\": \"k\"}}"))
                .isEqualTo(2);
        assertThat(generationAfter(ONE, "{\"metadata\": {\"generation\": 9}}")).isEqualTo(2);
    }

    @Test
    void keepsTheVersionWhenNothingChanges() {
        var before =
                api.post(INFRA_ENVS, infraEnv("one", "sshAuthorizedKey: k")).ok();
        assertThat(api.merge(ONE, "{\"spec\": {\"sshAuthorizedKey\": \"k\"}}")
                        .ok()
                        .version())
                .isEqualTo(before.version());
        assertThat(api.put(ONE, before.body()).ok().version()).isEqualTo(before.version());
    }

    @Test
    void doesNotLetClientsWriteWhatIsTheServers() {
        var before = api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        var after = api.merge(
                        ONE,
                        "{\"metadata\": {\"creationTimestamp\": \"2001-01-01T00:00:00Z\", \"labels\": {\"a\": \"b\"}}}")
                .ok();
        assertThat(after.text("metadata", "creationTimestamp")).isEqualTo(before.text("metadata", "creationTimestamp"));
        assertThat(api.merge(ONE, "{\"metadata\": {\"uid\": \"other\"}}").code())
                .isEqualTo(409);
        assertThat(api.merge(ONE, "{\"metadata\": {\"name\": \"other\"}}").code())
                .isEqualTo(400);
    }

    @Test
    void aDryRunStoresNothing() {
        assertThat(api.post(INFRA_ENVS + "?dryRun=All", infraEnv("one", "")).code())
                .isEqualTo(201);
        assertThat(api.get(ONE).code()).isEqualTo(404);
        api.post(INFRA_ENVS, infraEnv("one", "")).ok();
        var wished = api.merge(ONE + "?dryRun=All", "{\"spec\": {\"sshAuthorizedKey\": \"k\"}}")
                .ok();
        assertThat(wished.text("spec", "sshAuthorizedKey")).isEqualTo("k");
        assertThat(api.get(ONE).spec().has("sshAuthorizedKey")).isFalse();
    }

    @Test
    void encodesTheTextsOfASecretAndKeepsItsType() {
        var secret = api.post(SECRETS, TestingApi.named("v1", "Secret", "s") + "stringData: {user: admin}\n")
                .ok();
        assertThat(secret.text("data", "user")).isEqualTo("YWRtaW4=");
        assertThat(secret.text("type")).isEqualTo("Opaque");
        assertThat(secret.body().has("stringData")).isFalse();
        assertThat(api.merge(SECRETS + "/s", "{\"type\": \"other\"}").causes()).containsExactly("type");
    }

    @Test
    void refusesAPullSecretThatIsNoJsonWithoutTellingIt() {
        var refused = api.post(
                SECRETS,
                TestingApi.named("v1", "Secret", "s")
                        + "type: kubernetes.io/dockerconfigjson\ndata: {.dockerconfigjson: aHVudGVyMg==}\n");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.body().toString()).doesNotContain("aHVudGVyMg").doesNotContain("hunter2");
    }

    private int generationAfter(String path, String patch) {
        return api.merge(path, patch).ok().metadata().path("generation").asInt();
    }
}
