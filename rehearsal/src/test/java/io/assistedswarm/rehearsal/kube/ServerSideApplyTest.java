package io.assistedswarm.rehearsal.kube;

import static io.assistedswarm.rehearsal.kube.TestingApi.CONFIG_MAPS;
import static io.assistedswarm.rehearsal.kube.TestingApi.HOSTS;
import static io.assistedswarm.rehearsal.kube.TestingApi.INFRA_ENVS;
import static io.assistedswarm.rehearsal.kube.TestingApi.configMap;
import static io.assistedswarm.rehearsal.kube.TestingApi.host;
import static io.assistedswarm.rehearsal.kube.TestingApi.infraEnv;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
    private static final String ONE = INFRA_ENVS + "/one";

    private final TestingApi api = new TestingApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void createsWhatIsNotThereAndWritesDownWhoOwnsIt() {
        var created = api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: k"));
        assertThat(created.code()).isEqualTo(201);
        assertThat(created.metadata().path("generation").asInt()).isEqualTo(1);
        var owner = created.metadata().path("managedFields").get(0);
        assertThat(Json.text(owner, "manager")).isEqualTo("swarm");
        assertThat(Json.text(owner, "operation")).isEqualTo("Apply");
        assertThat(owner.path("fieldsV1"))
                .hasToString("{\"f:spec\":{\"f:pullSecretRef\":{},\"f:sshAuthorizedKey\":{}}}");
    }

    @Test
    void removesFieldsThatAreNoLongerApplied() {
        api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: k, agentLabels: {a: '1', b: '2'}"))
                .ok();
        var again = api.apply(ONE, "swarm", infraEnv("one", "agentLabels: {b: '2'}"));
        assertThat(again.code()).isEqualTo(200);
        assertThat(again.spec().has("sshAuthorizedKey")).isFalse();
        assertThat(again.spec().path("agentLabels")).hasToString("{\"b\":\"2\"}");
        assertThat(again.spec().path("cpuArchitecture").asText())
                .as("a default")
                .isEqualTo("x86_64");
    }

    @Test
    void keepsWhatOthersAdded() {
        api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: k")).ok();
        api.merge(ONE + "?fieldManager=service", "{\"spec\": {\"osImageVersion\": \"4.18\"}}")
                .ok();
        var again =
                api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: k2")).ok();
        assertThat(again.text("spec", "osImageVersion")).isEqualTo("4.18");
        assertThat(again.text("spec", "sshAuthorizedKey")).isEqualTo("k2");
    }

    @Test
    void refusesToTakeAFieldFromAnotherManager() {
        var before = api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: mine"))
                .ok();
        var refused = api.apply(ONE, "other", infraEnv("one", "sshAuthorizedKey: yours"));
        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.text("reason")).isEqualTo("Conflict");
        assertThat(refused.message())
                .isEqualTo("Apply failed with 1 conflict: conflict with \"swarm\" using"
                        + " agent-install.openshift.io/v1beta1: .spec.sshAuthorizedKey");
        assertThat(refused.causes()).containsExactly(".spec.sshAuthorizedKey");
        assertThat(api.get(ONE).version()).isEqualTo(before.version());
    }

    @Test
    void takesAFieldByForceFromItsOwner() {
        api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: mine")).ok();
        var taken = api.applyByForce(ONE, "other", infraEnv("one", "sshAuthorizedKey: yours"))
                .ok();
        assertThat(taken.text("spec", "sshAuthorizedKey")).isEqualTo("yours");
        assertThat(ownersOf(taken.metadata(), "f:sshAuthorizedKey")).containsExactly("other");
        assertThat(ownersOf(taken.metadata(), "f:pullSecretRef")).containsExactlyInAnyOrder("other", "swarm");
    }

    @Test
    void sharesAFieldUntilTheLastOfItsOwnersLetsGo() {
        api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: k")).ok();
        api.apply(ONE, "other", infraEnv("one", "sshAuthorizedKey: k")).ok();
        assertThat(api.apply(ONE, "swarm", infraEnv("one", "")).text("spec", "sshAuthorizedKey"))
                .isEqualTo("k");
        assertThat(api.apply(ONE, "other", infraEnv("one", "")).spec().has("sshAuthorizedKey"))
                .isFalse();
    }

    @Test
    void aChangeByUpdateTakesTheFieldSoThatTheNextApplyConflicts() {
        api.apply(HOSTS + "/h", "swarm", host("h")).ok();
        api.merge(HOSTS + "/h?fieldManager=service", "{\"spec\": {\"online\": false}}")
                .ok();
        assertThat(api.apply(HOSTS + "/h", "swarm", host("h")).code()).isEqualTo(409);
        assertThat(api.applyByForce(HOSTS + "/h", "swarm", host("h"))
                        .spec()
                        .path("online")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void changesNothingWhenTheSameIsAppliedAgain() {
        var first =
                api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: k")).ok();
        var second =
                api.apply(ONE, "swarm", infraEnv("one", "sshAuthorizedKey: k")).ok();
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void ownsFinalizersOneByOne() {
        var path = CONFIG_MAPS + "/c";
        api.apply(path, "swarm", configMap("c", "finalizers: [swarm.io/a]")).ok();
        api.apply(path, "other", configMap("c", "finalizers: [swarm.io/b]")).ok();
        assertThat(api.get(path).metadata().path("finalizers")).hasToString("[\"swarm.io/a\",\"swarm.io/b\"]");
        api.apply(path, "swarm", configMap("c", "")).ok();
        assertThat(api.get(path).metadata().path("finalizers")).hasToString("[\"swarm.io/b\"]");
    }

    @Test
    void keepsWhatOthersPutIntoAMapThatIsNoLongerApplied() {
        api.apply(ONE, "swarm", infraEnv("one", "agentLabels: {}")).ok();
        api.merge(ONE + "?fieldManager=other", "{\"spec\": {\"agentLabels\": {\"a\": \"1\"}}}")
                .ok();
        var again = api.apply(ONE, "swarm", infraEnv("one", "")).ok();
        assertThat(again.spec().path("agentLabels")).hasToString("{\"a\":\"1\"}");
    }

    @Test
    void fillsAndEmptiesAMapThatItOwns() {
        api.apply(ONE, "swarm", infraEnv("one", "agentLabels: {}")).ok();
        var filled = api.apply(ONE, "swarm", infraEnv("one", "agentLabels: {a: '1'}"))
                .ok();
        assertThat(filled.spec().path("agentLabels")).hasToString("{\"a\":\"1\"}");
        var emptied =
                api.apply(ONE, "swarm", infraEnv("one", "agentLabels: {}")).ok();
        assertThat(emptied.spec().path("agentLabels")).hasToString("{}");
    }

    @Test
    void appliesStatusOnlyThroughTheSubresource() {
        var withStatus = infraEnv("one", "") + "status: {isoDownloadURL: 'http://iso'}\n";
        assertThat(api.apply(ONE, "swarm", withStatus).body().has("status")).isFalse();
        var applied = api.apply(ONE + "/status", "service", withStatus).ok();
        assertThat(applied.text("status", "isoDownloadURL")).isEqualTo("http://iso");
        assertThat(applied.metadata().path("generation").asInt()).isEqualTo(1);
        assertThat(ownersOf(applied.metadata(), "f:pullSecretRef")).containsExactly("swarm");
        var again = api.apply(ONE, "swarm", infraEnv("one", "")).ok();
        assertThat(again.text("status", "isoDownloadURL")).isEqualTo("http://iso");
    }

    @Test
    void refusesAnOldVersionAndAMissingManager() {
        api.apply(ONE, "swarm", infraEnv("one", "")).ok();
        var old = infraEnv("one", "").replace("name: one", "name: one, resourceVersion: '7'");
        assertThat(api.apply(ONE, "swarm", old).code()).isEqualTo(409);
        var anonymous = api.answer("PATCH", ONE, "application/apply-patch+yaml", infraEnv("one", ""));
        assertThat(anonymous.code()).isEqualTo(422);
        assertThat(anonymous.causes()).containsExactly("fieldManager");
    }

    private static List<String> ownersOf(JsonNode metadata, String specField) {
        var owners = new ArrayList<String>();
        for (var entry : metadata.path("managedFields")) {
            if (entry.path("fieldsV1").path("f:spec").has(specField)) {
                owners.add(Json.text(entry, "manager"));
            }
        }
        return owners;
    }
}
