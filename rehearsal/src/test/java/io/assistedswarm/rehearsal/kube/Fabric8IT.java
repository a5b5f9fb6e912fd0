package io.assistedswarm.rehearsal.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client library that coordinator and workers use, over a socket. */
class Fabric8IT {
    private static final ResourceDefinitionContext HOSTS =
            kind("metal3.io", "v1alpha1", "BareMetalHost", "baremetalhosts");
    private static final ResourceDefinitionContext INFRA_ENVS =
            kind("agent-install.openshift.io", "v1beta1", "InfraEnv", "infraenvs");

    private KubeApiServer server;
    private KubernetesClient client;

    @TempDir
    private Path directory;

    /** What an informer told. */
    private static final class Told implements ResourceEventHandler<GenericKubernetesResource> {
        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onAdd(GenericKubernetesResource object) {
            events.add("added " + object.getMetadata().getName());
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            events.add("updated " + object.getMetadata().getName());
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
            events.add("deleted " + object.getMetadata().getName());
        }

        void expect(String... expected) {
            await().untilAsserted(() -> assertThat(events).containsExactly(expected));
        }
    }

    @BeforeEach
    void start() {
        server = start(0);
        client = client(true);
        createNamespace();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void answersThatEverythingIsAllowed() {
        SelfSubjectAccessReview review = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withGroup("metal3.io")
                .withResource("baremetalhosts")
                .withSubresource("status")
                .withVerb("patch")
                .endResourceAttributes()
                .endSpec()
                .build();

        SelfSubjectAccessReview answer =
                client.authorization().v1().selfSubjectAccessReview().create(review);

        assertThat(answer.getStatus().getAllowed()).isTrue();
        assertThat(answer.getSpec()).isEqualTo(review.getSpec());
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> client.authorization()
                        .v1()
                        .selfSubjectAccessReview()
                        .create(new SelfSubjectAccessReviewBuilder()
                                .withNewSpec()
                                .endSpec()
                                .build()))
                .satisfies(refusal -> assertThat(refusal.getCode()).isEqualTo(422));
    }

    @Test
    void appliesOnTheServerAndTakesBackWhatIsNoLongerApplied() {
        var created =
                apply("swarm", host("h1", "{online: true, description: first, bootMACAddress: '02:00:00:00:00:01'}"));
        assertThat(created.getMetadata().getGeneration()).isEqualTo(1);
        var changed = apply("swarm", host("h1", "{online: true, bootMACAddress: '02:00:00:00:00:01'}"));
        assertThat(changed.<String>get("spec", "description")).isNull();
        assertThat(changed.getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void refusesAConflictingApplyAndAnOutdatedUpdate() {
        var first = apply("swarm", host("h1", "{online: true}"));
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> apply("other", host("h1", "{online: false}")))
                .returns(409, KubernetesClientException::getCode)
                .withMessageContaining(".spec.online");
        host("h1").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"labels\": {\"a\": \"b\"}}}");
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> client.resource(first).update())
                .returns(409, KubernetesClientException::getCode)
                .withMessageContaining("the object has been modified");
    }

    @Test
    void namesTheFieldOfAMisplacedKey() {
        var infraEnv = """
                apiVersion: agent-install.openshift.io/v1beta1
                kind: InfraEnv
                metadata: {name: c, namespace: n}
                spec: {pullSecretRef: {name: pull-secret, sshAuthorizedKey: k}}
                """;
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> apply("swarm", infraEnv))
                .withMessageContaining(".spec.pullSecretRef.sshAuthorizedKey: field not declared in schema");
        assertThat(client.genericKubernetesResources(INFRA_ENVS)
                        .inNamespace("n")
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void patchesStatusAloneThroughTheSubresource() {
        apply("swarm", host("h1", "{online: true}"));
        host("h1").subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), """
                {"spec": {"online": false},
                 "status": {"errorCount": 0, "errorMessage": "", "hardwareProfile": "", "operationalStatus": "discovered", "poweredOn": true,
                            "provisioning": {"ID": "", "state": "ready"}}}""");
        var written = host("h1").get();
        assertThat(written.<String>get("status", "provisioning", "state")).isEqualTo("ready");
        assertThat(written.<Boolean>get("spec", "online")).isTrue();
        assertThat(written.getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void anInformerIsToldOfWhatIsAddedChangedAndDeletedUnderItsLabel() {
        apply("swarm", host("h1", "{online: true}"));
        apply("swarm", host("stranger", "{online: true}").replace("swarm: s1", "swarm: s2"));
        var told = new Told();
        try (var informer = informer(client, told)) {
            told.expect("added h1");
            apply("swarm", host("h2", "{online: true}"));
            told.expect("added h1", "added h2");
            apply("swarm", host("h2", "{online: false}"));
            told.expect("added h1", "added h2", "updated h2");
            relabel("h1", "s2");
            told.expect("added h1", "added h2", "updated h2", "deleted h1");
            relabel("stranger", "s1");
            host("h2").delete();
            told.expect("added h1", "added h2", "updated h2", "deleted h1", "added stranger", "deleted h2");
            assertThat(informer.getStore().listKeys()).containsExactly("n/stranger");
        }
    }

    @Test
    void watchesOverPlainHttpAsWell() {
        var told = new Told();
        try (var other = client(true);
                var informer = informer(other, told)) {
            apply("swarm", host("h1", "{online: true}"));
            told.expect("added h1");
            assertThat(informer.isWatching()).isTrue();
        }
    }

    @Test
    void anInformerNoticesThatTheServerStartedAnew() {
        apply("swarm", host("h1", "{online: true}"));
        var told = new Told();
        try (var informer = informer(client, told)) {
            told.expect("added h1");
            int port = server.url().getPort();
            server.close();
            server = start(port);
            await().atMost(30, TimeUnit.SECONDS).ignoreExceptions().until(() -> {
                createNamespace();
                return true;
            });
            apply("swarm", host("h2", "{online: true}"));
            await().atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(
                            () -> assertThat(informer.getStore().listKeys()).containsExactly("n/h2"));
            assertThat(told.events).contains("deleted h1", "added h2");
        }
    }

    @Test
    void selectsByLabelAndName() {
        apply("swarm", host("h1", "{online: true}"));
        apply("swarm", host("h2", "{online: true}").replace("swarm: s1", "swarm: s2"));
        var hosts = client.genericKubernetesResources(HOSTS);
        assertThat(hosts.inAnyNamespace()
                        .withLabel("assistedswarm.io/swarm", "s2")
                        .list()
                        .getItems())
                .extracting(host -> host.getMetadata().getName())
                .containsExactly("h2");
        assertThat(hosts.inNamespace("n")
                        .withField("metadata.name", "h1")
                        .list()
                        .getItems())
                .hasSize(1);
        assertThat(hosts.inNamespace("n")
                        .withoutLabel("assistedswarm.io/swarm")
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void deletesANamespaceOnceItsFinalizersAreServed() {
        apply(
                "swarm",
                host("h1", "{online: true}").replace("name: h1", "name: h1, finalizers: [assistedswarm.io/hold]"));
        client.namespaces().withName("n").delete();
        await().until(() -> host("h1").get().getMetadata().getDeletionTimestamp() != null);
        assertThat(client.namespaces().withName("n").get().getStatus().getPhase())
                .isEqualTo("Terminating");
        host("h1").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"finalizers\": null}}");
        assertThat(client.namespaces().withName("n").waitUntilCondition(Objects::isNull, 10, TimeUnit.SECONDS))
                .isNull();
    }

    @Test
    void countsRequestsByClient() {
        apply("swarm", host("h1", "{online: true}"));
        var applied = new KubeRequest("apply", "baremetalhosts", "fabric8-it");
        await().untilAsserted(() -> assertThat(server.requestCounts()).containsEntry(applied, 1L));
    }

    private static KubeApiServer start(int port) {
        return KubeApiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), KubeApiSettings.defaults());
    }

    private KubernetesClient client(boolean onlyHttpWatches) {
        var kubeconfig = directory.resolve("kubeconfig");
        server.writeKubeconfig(kubeconfig);
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                        .withOnlyHttpWatches(onlyHttpWatches)
                        .withUserAgent("fabric8-it/1")
                        // An apply with an unknown field is refused with 500, which is tried again for minutes by
                        // default.
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    private void createNamespace() {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("n")
                        .endMetadata()
                        .build())
                .create();
    }

    private static SharedIndexInformer<GenericKubernetesResource> informer(KubernetesClient client, Told told) {
        var informer = client.genericKubernetesResources(HOSTS)
                .inAnyNamespace()
                .withLabel("assistedswarm.io/swarm", "s1")
                .runnableInformer(0)
                .exceptionHandler((started, failure) -> true)
                .addEventHandler(told);
        informer.run();
        return informer;
    }

    private GenericKubernetesResource apply(String manager, String yaml) {
        var object = client.genericKubernetesResources(yaml.contains("BareMetalHost") ? HOSTS : INFRA_ENVS)
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .item();
        return client.resource(object).fieldManager(manager).serverSideApply();
    }

    private Resource<GenericKubernetesResource> host(String name) {
        return client.genericKubernetesResources(HOSTS).inNamespace("n").withName(name);
    }

    private void relabel(String name, String swarm) {
        host(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"labels\": {\"assistedswarm.io/swarm\": \"" + swarm + "\"}}}");
    }

    private static String host(String name, String spec) {
        return """
                apiVersion: metal3.io/v1alpha1
                kind: BareMetalHost
                metadata: {name: %s, namespace: n, labels: {assistedswarm.io/swarm: s1}}
                spec: %s
                """.formatted(name, spec);
    }

    private static ResourceDefinitionContext kind(String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }
}
