package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.Labels;
import io.fabric8.kubernetes.api.model.APIGroup;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What carries the label of swarms on the hub, of whatever kind: a plan's own manifests may be of any, and of a swarm without a record nothing
 * else is known. Blocks.
 *
 * @param objects those found, by kind
 * @param unread kinds that the hub has and would not list, each with its reason
 */
record KindCatalog(Map<ObjectKind, List<ObjectMeta>> objects, List<String> unread) {
    private static final Logger LOG = LoggerFactory.getLogger(KindCatalog.class);
    private static final long PAGE = 500;
    private static final Set<String> NEEDED_VERBS = Set.of("list", "watch", "delete");

    /** The hub makes and forgets them by itself. */
    private static final Predicate<ObjectKind> KEPT_BY_THE_HUB =
            kind -> kind.plural().equals("events");

    private record Discovered(List<ObjectKind> kinds, List<String> unread) {}

    /** One object of each kind is enough to know that the swarm has some of it. */
    static KindCatalog ofSwarm(KubernetesClient client, String swarm) throws InterruptedException, ExecutionException {
        return list(client, Labels.SWARM + "=" + swarm, 1);
    }

    static KindCatalog ofAllSwarms(KubernetesClient client) throws InterruptedException, ExecutionException {
        return list(client, Labels.SWARM, PAGE);
    }

    private static KindCatalog list(KubernetesClient client, String selector, long page)
            throws InterruptedException, ExecutionException {
        Discovered discovered = discover(client);
        Map<ObjectKind, List<ObjectMeta>> found = new ConcurrentHashMap<>();
        ConcurrentLinkedQueue<String> unread = new ConcurrentLinkedQueue<>(discovered.unread());
        AtATime.run(discovered.kinds().stream()
                .<Runnable>map(kind -> () -> {
                    try {
                        List<ObjectMeta> objects = list(client, kind, selector, page);
                        if (!objects.isEmpty()) {
                            found.put(kind, objects);
                        }
                    } catch (KubernetesClientException e) {
                        refused(kind.kubectlName(), e).ifPresent(unread::add);
                    }
                })
                .toList());
        return new KindCatalog(found, unread.stream().sorted().toList());
    }

    private static List<ObjectMeta> list(KubernetesClient client, ObjectKind kind, String selector, long page) {
        List<ObjectMeta> objects = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            var options = new ListOptionsBuilder()
                    .withLabelSelector(selector)
                    .withLimit(page)
                    .withContinue(next.orElse(null))
                    .build();
            var ofKind = client.genericKubernetesResources(kind.context());
            var list = kind.namespaced() ? ofKind.inAnyNamespace().list(options) : ofKind.list(options);
            list.getItems().stream().map(GenericKubernetesResource::getMetadata).forEach(objects::add);
            next = page == 1
                    ? Optional.empty()
                    : Optional.ofNullable(list.getMetadata().getContinue()).filter(token -> !token.isEmpty());
        } while (next.isPresent());
        return objects;
    }

    private static Discovered discover(KubernetesClient client) throws InterruptedException, ExecutionException {
        List<String> versions = new ArrayList<>(List.of("v1"));
        for (APIGroup group : client.getApiGroups().getGroups()) {
            versions.add(Optional.ofNullable(group.getPreferredVersion())
                    .orElseGet(() -> group.getVersions().getFirst())
                    .getGroupVersion());
        }
        ConcurrentLinkedQueue<ObjectKind> kinds = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> unread = new ConcurrentLinkedQueue<>();
        AtATime.run(versions.stream()
                .<Runnable>map(version -> () -> {
                    try {
                        Optional.ofNullable(client.getApiResources(version)).stream()
                                .flatMap(resources -> kinds(version, resources))
                                .forEach(kinds::add);
                    } catch (KubernetesClientException e) {
                        refused(version, e).ifPresent(unread::add);
                    }
                })
                .toList());
        return new Discovered(List.copyOf(kinds), List.copyOf(unread));
    }

    private static Stream<ObjectKind> kinds(String groupVersion, APIResourceList resources) {
        int slash = groupVersion.indexOf('/');
        String group = slash < 0 ? "" : groupVersion.substring(0, slash);
        return resources.getResources().stream()
                .filter(resource -> !resource.getName().contains("/"))
                .filter(resource ->
                        resource.getVerbs() != null && resource.getVerbs().containsAll(NEEDED_VERBS))
                .map(resource -> kind(group, groupVersion.substring(slash + 1), resource))
                .filter(KEPT_BY_THE_HUB.negate());
    }

    private static ObjectKind kind(String group, String version, APIResource resource) {
        return new ObjectKind(group, version, resource.getKind(), resource.getName(), resource.getNamespaced());
    }

    /** What one may not list one cannot have created by way of the same account, as the workers use it; what is down is another matter. */
    private static Optional<String> refused(String what, KubernetesClientException e) {
        LOG.warn("[{}] cannot be looked through for labelled objects: {}", what, e.getMessage());
        boolean connection = e.getCode() == 0;
        if (connection) {
            throw e;
        }
        boolean notThere = e.getCode() == 403 || e.getCode() == 404 || e.getCode() == 405;
        return notThere
                ? Optional.empty()
                : Optional.of(what + ": " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
    }
}
