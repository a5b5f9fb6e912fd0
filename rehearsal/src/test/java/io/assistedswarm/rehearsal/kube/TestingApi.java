package io.assistedswarm.rehearsal.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The Kubernetes API without its HTTP server: requests go straight to the endpoint. It starts with the namespace "n". */
final class TestingApi implements AutoCloseable {
    static final String NAMESPACES = "/api/v1/namespaces";
    static final String CONFIG_MAPS = "/api/v1/namespaces/n/configmaps";
    static final String SECRETS = "/api/v1/namespaces/n/secrets";
    static final String INFRA_ENVS = "/apis/agent-install.openshift.io/v1beta1/namespaces/n/infraenvs";
    static final String INSTALLS = "/apis/extensions.hive.openshift.io/v1beta1/namespaces/n/agentclusterinstalls";
    static final String HOSTS = "/apis/metal3.io/v1alpha1/namespaces/n/baremetalhosts";

    private static final KubeApiSettings SETTINGS = new KubeApiSettings(
            20, 1_000, Duration.ofMillis(20), Duration.ofMinutes(5), Set.of("assistedswarm.io/swarm"), 1_000);

    private final ResourceCatalog catalog = ResourceCatalog.load();
    private final NamespaceSweeper sweeper;
    private final GarbageCollector collector;
    private final Function<ApiCall, Reply> pipeline;

    /** @param body of a list with its items, of a refusal the Status */
    record Answer(int code, JsonNode body, List<String> warnings) {
        String text(String... path) {
            return Json.text(body, path);
        }

        String version() {
            return text("metadata", "resourceVersion");
        }

        String uid() {
            return text("metadata", "uid");
        }

        JsonNode metadata() {
            return body.path("metadata");
        }

        JsonNode spec() {
            return body.path("spec");
        }

        JsonNode status() {
            return body.path("status");
        }

        String message() {
            return text("message");
        }

        /** The fields that a refusal complains about. */
        List<String> causes() {
            return body.path("details").path("causes").findValuesAsText("field");
        }

        List<String> names() {
            return body.path("items").findValues("metadata").stream()
                    .map(metadata -> Json.text(metadata, "name"))
                    .toList();
        }

        Answer ok() {
            assertThat(code).as("%s", body).isBetween(200, 299);
            return this;
        }
    }

    TestingApi() {
        var store = new ObjectStore(catalog, SETTINGS);
        var registry = new Registry(store, InstantSource.system());
        var deletion = new Deletion(store, InstantSource.system());
        sweeper = new NamespaceSweeper(store, deletion);
        collector = new GarbageCollector(store, deletion);
        var endpoint = new ResourceEndpoint(store, registry, deletion, SETTINGS, InstantSource.system());
        pipeline = RequestFilter.chain(
                List.of(RequestFilter.failuresToStatus()),
                call -> endpoint.handle(call, Target.of(call.path(), catalog).orElseThrow(StatusFailure::noSuchPath)));
        post(NAMESPACES, named("v1", "Namespace", "n")).ok();
    }

    @Override
    public void close() {
        sweeper.close();
        collector.close();
    }

    Answer get(String path) {
        return answer("GET", path, "", "");
    }

    Answer post(String path, String yaml) {
        return answer("POST", path, "application/json", yaml);
    }

    Answer put(String path, JsonNode object) {
        return answer("PUT", path, "application/json", object.toString());
    }

    Answer merge(String path, String patch) {
        return answer("PATCH", path, "application/merge-patch+json", patch);
    }

    Answer patch(String path, String operations) {
        return answer("PATCH", path, "application/json-patch+json", operations);
    }

    Answer apply(String path, String manager, String yaml) {
        return answer("PATCH", path + "?fieldManager=" + manager, "application/apply-patch+yaml", yaml);
    }

    Answer applyByForce(String path, String manager, String yaml) {
        return answer("PATCH", path + "?force=true&fieldManager=" + manager, "application/apply-patch+yaml", yaml);
    }

    Answer delete(String path) {
        return answer("DELETE", path, "", "");
    }

    Answer delete(String path, String options) {
        return answer("DELETE", path, "application/json", options);
    }

    Answer answer(String method, String path, String contentType, String body) {
        var reply = pipeline.apply(call(method, path, contentType, body));
        try {
            return new Answer(reply.code(), Json.read(bytes(reply)), reply.warnings());
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    TestingWatch watch(String path) {
        var call = call("GET", path + (path.contains("?") ? "&" : "?") + "watch=1", "", "");
        return TestingWatch.of((Reply.Stream) pipeline.apply(call));
    }

    static String named(String apiVersion, String kind, String name) {
        return """
                apiVersion: %s
                kind: %s
                metadata: {name: %s}
                """.formatted(apiVersion, kind, name);
    }

    /** @param metadata more of it, in YAML's flow style */
    static String configMap(String name, String metadata) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s, %s}
                """.formatted(name, metadata);
    }

    /** @param spec in YAML's flow style, without braces */
    static String infraEnv(String name, String spec) {
        return """
                apiVersion: agent-install.openshift.io/v1beta1
                kind: InfraEnv
                metadata: {name: %s}
                spec: {pullSecretRef: {name: pull-secret}, %s}
                """.formatted(name, spec);
    }

    static String host(String name) {
        return """
                apiVersion: metal3.io/v1alpha1
                kind: BareMetalHost
                metadata: {name: %s}
                spec: {online: true}
                """.formatted(name);
    }

    private static ApiCall call(String method, String path, String contentType, String body) {
        var headers = Map.of("Content-Type", contentType, "User-Agent", "test/1.0");
        return ApiCall.of(method, URI.create(path.replace(" ", "%20")), name -> headers.getOrDefault(name, ""), body);
    }

    private static byte[] bytes(Reply reply) throws IOException {
        if (reply instanceof Reply.Stream stream) {
            var out = new ByteArrayOutputStream();
            try {
                stream.writer().writeTo(out);
            } catch (InterruptedException unexpected) {
                throw new AssertionError(unexpected);
            }
            return out.toByteArray();
        }
        return ((Reply.Text) reply).bytes();
    }
}
