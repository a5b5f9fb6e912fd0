package io.assistedswarm.coordinator.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.coordinator.hub.Kinds;
import io.assistedswarm.coordinator.preflight.HubFacts.Rights;
import io.assistedswarm.protocol.BareMetalFlow;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Asks the hub's Kubernetes API about itself, in a dozen requests, all at a time. Changes nothing there. */
public final class HubSurvey {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private static final String DEPLOYMENTS = "/apis/apps/v1/deployments";
    private static final String MACHINE_API = "/apis/apps/v1/namespaces/openshift-machine-api/deployments";
    private static final String WEBHOOK =
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/" + BareMetalChecks.WEBHOOK;
    private static final String CLUSTER_OPERATOR = "/apis/config.openshift.io/v1/clusteroperators/baremetal";

    /** Where the service is installed, for who may not look everywhere. */
    private static final List<String> USUAL_NAMESPACES = List.of("multicluster-engine", "assisted-installer");

    private final KubernetesClient client;

    public HubSurvey(KubernetesClient client) {
        this.client = client;
    }

    /** Never fails: what could not be asked is among the facts. */
    CompletableFuture<HubFacts> look(Duration patience) {
        String address = client.getMasterUrl().toString().replaceAll("/+$", "");
        return get("/version", patience)
                .thenCompose(version -> version.given() && version.status() < 500
                        ? look(address, version, patience)
                        : CompletableFuture.completedFuture(HubFacts.silent(address, version)));
    }

    private CompletableFuture<HubFacts> look(String address, Answer version, Duration patience) {
        CompletableFuture<Answer> groups = get("/apis", patience);
        Map<String, CompletableFuture<Answer>> resources = new TreeMap<>();
        Arrays.stream(Kinds.values())
                .map(Kinds::apiVersion)
                .filter(apiVersion -> apiVersion.contains("/"))
                .distinct()
                .forEach(apiVersion -> resources.put(apiVersion, get("/apis/" + apiVersion, patience)));
        CompletableFuture<Rights> rights = rights(patience);
        CompletableFuture<Answer> machineOperators = get(MACHINE_API, patience);
        CompletableFuture<Answer> webhook = get(WEBHOOK, patience);
        CompletableFuture<Answer> clusterOperator = get(CLUSTER_OPERATOR, patience);
        CompletableFuture<ServiceInstallation> installation = installation(patience);
        return all(resources)
                .thenCompose(answers -> CompletableFuture.allOf(
                                groups, rights, machineOperators, webhook, clusterOperator, installation)
                        .thenApply(done -> new HubFacts(
                                address,
                                version,
                                groups.join(),
                                answers,
                                rights.join(),
                                machineOperators.join(),
                                webhook.join(),
                                clusterOperator.join(),
                                installation.join())));
    }

    /** One question for who may do everything, which is usual; else one for each right. */
    private CompletableFuture<Rights> rights(Duration patience) {
        return may(Right.EVERYTHING, patience).thenCompose(everything -> {
            if (everything.body().at("/status/allowed").asBoolean()) {
                return CompletableFuture.completedFuture(Rights.ALL);
            }
            if (!everything.ok()) {
                return CompletableFuture.completedFuture(new Rights(Set.of(), everything.said()));
            }
            return all(Right.needed(BareMetalFlow.CONVERGED).stream()
                            .collect(Collectors.toMap(
                                    Function.identity(),
                                    right -> may(right, patience),
                                    (one, same) -> one,
                                    LinkedHashMap::new)))
                    .thenApply(HubSurvey::rights);
        });
    }

    private static Rights rights(Map<Right, Answer> answers) {
        Optional<Answer> unanswered =
                answers.values().stream().filter(answer -> !answer.ok()).findFirst();
        return unanswered.isPresent()
                ? new Rights(Set.of(), unanswered.get().said())
                : new Rights(
                        answers.entrySet().stream()
                                .filter(entry -> !entry.getValue()
                                        .body()
                                        .at("/status/allowed")
                                        .asBoolean())
                                .map(Map.Entry::getKey)
                                .collect(Collectors.toSet()),
                        "");
    }

    private CompletableFuture<Answer> may(Right right, Duration patience) {
        ObjectNode review = JSON.createObjectNode()
                .put("apiVersion", "authorization.k8s.io/v1")
                .put("kind", "SelfSubjectAccessReview");
        review.withObject("/spec/resourceAttributes")
                .put("verb", right.verb())
                .put("group", right.group())
                .put("resource", right.resource())
                .put("subresource", right.subresource());
        return send(
                request(ACCESS_REVIEWS, patience)
                        .post("application/json", review.toString())
                        .build(),
                patience);
    }

    private CompletableFuture<ServiceInstallation> installation(Duration patience) {
        return get(DEPLOYMENTS + "?fieldSelector=metadata.name%3D" + ServiceInstallation.NAME, patience)
                .thenCompose(everywhere -> {
                    if (everywhere.ok()) {
                        return installation(everywhere.body().path("items").path(0), patience);
                    }
                    return everywhere.refused()
                            ? inUsualNamespaces(everywhere, patience)
                            : CompletableFuture.completedFuture(ServiceInstallation.unread(
                                    "its Deployment cannot be looked for: " + everywhere.said()));
                });
    }

    private CompletableFuture<ServiceInstallation> inUsualNamespaces(Answer refusal, Duration patience) {
        return all(USUAL_NAMESPACES.stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                namespace -> get(
                                        "/apis/apps/v1/namespaces/" + namespace + "/deployments/"
                                                + ServiceInstallation.NAME,
                                        patience))))
                .thenCompose(answers -> answers.values().stream()
                        .filter(Answer::ok)
                        .findFirst()
                        .map(found -> installation(found.body(), patience))
                        .orElseGet(() -> CompletableFuture.completedFuture(
                                ServiceInstallation.unread("its Deployment cannot be looked for: " + refusal.said()))));
    }

    private CompletableFuture<ServiceInstallation> installation(JsonNode deployment, Duration patience) {
        if (deployment.isMissingNode()) {
            return CompletableFuture.completedFuture(ServiceInstallation.unread(
                    "the hub has no Deployment " + ServiceInstallation.NAME + ": the service runs elsewhere"));
        }
        String configMaps =
                "/api/v1/namespaces/" + deployment.at("/metadata/namespace").asText() + "/configmaps/";
        return all(ServiceInstallation.configMaps(deployment).stream()
                        .collect(Collectors.toMap(Function.identity(), name -> get(configMaps + name, patience))))
                .thenApply(answers -> ServiceInstallation.of(deployment, answers));
    }

    private CompletableFuture<Answer> get(String path, Duration patience) {
        return send(request(path, patience).build(), patience);
    }

    private HttpRequest.Builder request(String path, Duration patience) {
        String base = client.getMasterUrl().toString().replaceAll("/+$", "");
        return client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(base + path)
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Answer> send(HttpRequest request, Duration patience) {
        // A copy, as the client needs its own future to the end of the exchange.
        return client.getHttpClient()
                .sendAsync(request, String.class)
                .copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> failure == null
                        ? Answer.of(response.code(), String.valueOf(response.body()), Optional.empty())
                        : Answer.none(failure, patience));
    }

    private static <K> CompletableFuture<Map<K, Answer>> all(Map<K, CompletableFuture<Answer>> asked) {
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    Map<K, Answer> answers = new LinkedHashMap<>();
                    asked.forEach((key, answer) -> answers.put(key, answer.join()));
                    return answers;
                });
    }
}
