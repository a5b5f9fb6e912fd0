package io.assistedswarm.rehearsal.kube;

import static io.assistedswarm.rehearsal.kube.TestingApi.CONFIG_MAPS;
import static io.assistedswarm.rehearsal.kube.TestingApi.INFRA_ENVS;
import static io.assistedswarm.rehearsal.kube.TestingApi.configMap;
import static io.assistedswarm.rehearsal.kube.TestingApi.infraEnv;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GarbageCollectorTest {
    private static final String OWNER = INFRA_ENVS + "/owner";
    private static final String DEPENDENT = CONFIG_MAPS + "/dependent";
    private static final String HOLD = "finalizers: [assistedswarm.io/hold]";

    private final TestingApi api = new TestingApi();

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void deletesWhatTheOwnerLeavesBehind() {
        createDependent(reference("owner", createOwner("owner")), "");
        api.delete(OWNER).ok();
        await().until(() -> isGone(DEPENDENT));
    }

    @Test
    void deletesAllOfManyDependents() {
        var reference = reference("owner", createOwner("owner"));
        for (int i = 0; i < 5; i++) {
            api.post(CONFIG_MAPS, configMap("d" + i, "ownerReferences: [" + reference + "]"))
                    .ok();
        }
        api.delete(OWNER).ok();
        await().until(() -> api.get(CONFIG_MAPS).names().isEmpty());
    }

    @Test
    void aDependentMayOutliveItsOwnerAndThenGo() {
        createDependent(reference("owner", createOwner("owner")), HOLD);
        api.delete(OWNER).ok();
        await().until(() -> api.get(DEPENDENT).metadata().has("deletionTimestamp"));
        api.merge(DEPENDENT, "{\"metadata\": {\"finalizers\": null}}").ok();
        assertThat(isGone(DEPENDENT)).isTrue();
    }

    @Test
    void deletesWhatWasMadeForAnOwnerThatIsGone() {
        createDependent(reference("owner", "a-uid-of-the-past"), "");
        await().until(() -> isGone(DEPENDENT));
    }

    @Test
    void onlyMarksADependentThatHasFinalizers() {
        createDependent(reference("owner", createOwner("owner")), HOLD);
        api.delete(OWNER).ok();
        await().until(() -> api.get(DEPENDENT).metadata().has("deletionTimestamp"));
    }

    @Test
    void keepsADependentThatHasAnotherOwner() {
        var other = createOwner("other");
        createDependent(reference("owner", createOwner("owner")) + ", " + reference("other", other), "");
        api.delete(OWNER).ok();
        await().until(() ->
                api.get(DEPENDENT).metadata().path("ownerReferences").size() == 1);
        assertThat(api.get(DEPENDENT).metadata().path("ownerReferences").findValuesAsText("uid"))
                .containsExactly(other);
    }

    @Test
    void leavesDependentsAloneWhenTheyAreToBeOrphaned() {
        createDependent(reference("owner", createOwner("owner")), "");
        api.delete(OWNER, "{\"propagationPolicy\": \"Orphan\"}").ok();
        await().until(() -> isGone(OWNER));
        assertThat(api.get(DEPENDENT).ok().metadata().has("ownerReferences")).isFalse();
    }

    @Test
    void holdsAnOwnerDeletedInTheForegroundUntilItsDependentsAreGone() {
        var blocking = reference("owner", createOwner("owner")).replace("}", ", blockOwnerDeletion: true}");
        createDependent(blocking, HOLD);
        api.delete(OWNER, "{\"propagationPolicy\": \"Foreground\"}").ok();
        await().until(() -> api.get(DEPENDENT).metadata().has("deletionTimestamp"));
        assertThat(api.get(OWNER).metadata().path("finalizers")).hasToString("[\"foregroundDeletion\"]");
        api.merge(DEPENDENT, "{\"metadata\": {\"finalizers\": null}}").ok();
        await().until(() -> isGone(OWNER));
    }

    @Test
    void sparesWhatNoLongerNamesTheOwnerOrHasAnother() {
        var owner = createOwner("owner");
        createDependent(reference("owner", owner), "");
        api.merge(DEPENDENT, "{\"metadata\": {\"ownerReferences\": null}}").ok();
        var shared = reference("owner", owner) + ", " + reference("other", createOwner("other"));
        api.post(CONFIG_MAPS, configMap("shared", "ownerReferences: [" + shared + "]"))
                .ok();
        api.delete(OWNER, "{\"propagationPolicy\": \"Foreground\"}").ok();
        await().until(() -> isGone(OWNER));
        assertThat(api.get(DEPENDENT).ok().metadata().has("deletionTimestamp")).isFalse();
        assertThat(api.get(CONFIG_MAPS + "/shared").ok().metadata().path("ownerReferences"))
                .hasSize(1);
    }

    private String createOwner(String name) {
        return api.post(INFRA_ENVS, infraEnv(name, "")).ok().uid();
    }

    private void createDependent(String references, String metadata) {
        api.post(CONFIG_MAPS, configMap("dependent", "ownerReferences: [" + references + "], " + metadata))
                .ok();
    }

    private boolean isGone(String path) {
        return api.get(path).code() == 404;
    }

    private static String reference(String name, String uid) {
        return "{apiVersion: agent-install.openshift.io/v1beta1, kind: InfraEnv, name: " + name + ", uid: " + uid + "}";
    }
}
