package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what carries a swarm's label, in the order that the service needs (reference, cr-lifecycle 9.3): ClusterDeployments first, so that
 * no Agent waits for the clean-up of a cluster that does not exist, then BareMetalHosts with their images and InfraEnvs; when those are gone the namespaces,
 * and what is in namespaces that are not the swarm's; then what is in no namespace. Blocks; may be interrupted and repeated.
 */
final class Deletion implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);
    private static final int NAMED_AT_MOST = 20;
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(3);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);
    private static final Set<ObjectKind> FIRST =
            types(Kinds.CLUSTER_DEPLOYMENT, Kinds.BARE_METAL_HOST, Kinds.PREPROVISIONING_IMAGE, Kinds.INFRA_ENV);
    private static final Set<ObjectKind> THE_SERVICE_RELEASES = types(
            Kinds.CLUSTER_DEPLOYMENT,
            Kinds.AGENT_CLUSTER_INSTALL,
            Kinds.AGENT,
            Kinds.BARE_METAL_HOST,
            Kinds.PREPROVISIONING_IMAGE,
            Kinds.INFRA_ENV);
    private static final ObjectKind NAMESPACE = Kinds.NAMESPACE.type();

    /**
     * What is wanted.
     *
     * @param force whether what finalizers hold is freed, and namespaces go with what others have put into them; asked again and again
     * @param patience how long finalizers are left to who set them, when they are forced at all
     * @param before what an earlier attempt has counted
     */
    record Wish(
            SwarmId swarm, Duration deadline, BooleanSupplier force, Duration patience, Optional<DeletionView> before) {
        static final Duration PATIENCE = Duration.ofSeconds(20);
    }

    private final KubernetesClient client;
    private final Wish wish;
    private final Instant until;
    private final Consumer<DeletionView> progress;
    private final List<ObjectKind> kinds = new ArrayList<>();
    private final Map<ObjectKind, SharedIndexInformer<GenericKubernetesResource>> watches = new LinkedHashMap<>();
    private final Map<String, Long> created = new LinkedHashMap<>();
    private final LabelledObjects objects;
    private final ForeignObjects foreign;
    /** What others have in namespaces of the swarm, which are kept for that. */
    private final Map<String, List<String>> kept = new ConcurrentHashMap<>();

    private List<String> unread = List.of();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition somethingGone = lock.newCondition();

    /** @param known kinds that are asked for even where the hub's discovery does not name them */
    Deletion(KubernetesClient client, List<Kinds> known, Wish wish, Consumer<DeletionView> progress) {
        this.client = client;
        this.wish = wish;
        this.until = Instant.now().plus(wish.deadline());
        this.progress = progress;
        this.objects = new LabelledObjects(client, wish.swarm());
        this.foreign = new ForeignObjects(client, wish.swarm());
        known.forEach(kind -> kinds.add(kind.type()));
    }

    DeletionView run() throws InterruptedException, ExecutionException {
        try {
            findKinds();
            count();
            if (deleteUntilNoneOf(only(FIRST::contains), only(THE_SERVICE_RELEASES::contains))
                    && deleteUntilNoneOf(
                            only(kind -> kind.namespaced() || kind.equals(NAMESPACE)),
                            only(kind -> kind.namespaced() || kind.equals(NAMESPACE)))) {
                deleteUntilNoneOf(only(kind -> !kind.namespaced() && !kind.equals(NAMESPACE)), kinds);
            }
            return result();
        } catch (TimeoutException e) {
            throw new ExecutionException("the hub did not list the swarm's objects before the deadline", e);
        }
    }

    @Override
    public void close() {
        watches.values().forEach(SharedIndexInformer::stop);
    }

    /** Adds the kinds of a plan's own manifests, and whatever else has come to carry the label. */
    private void findKinds() throws InterruptedException, TimeoutException {
        while (true) {
            try {
                KindCatalog catalog = KindCatalog.ofSwarm(client, wish.swarm().value());
                unread = catalog.unread();
                catalog.objects().keySet().stream()
                        .filter(kind -> kinds.stream().noneMatch(kind::isSameResource))
                        .forEach(kinds::add);
                return;
            } catch (ExecutionException | KubernetesClientException e) {
                LOG.warn("cannot look for the kinds of swarm [{}]: {}", wish.swarm(), e.getMessage());
                if (millisUntil(until) < BEFORE_RETRY.toMillis()) {
                    throw new TimeoutException(String.valueOf(e.getMessage()));
                }
                Thread.sleep(BEFORE_RETRY);
            }
        }
    }

    /** By the first LIST of a watch for each kind. */
    private void count() throws InterruptedException, ExecutionException, TimeoutException {
        ResourceEventHandler<GenericKubernetesResource> signal = new Signal();
        Map<ObjectKind, Future<Void>> lists = new LinkedHashMap<>();
        for (ObjectKind kind : kinds) {
            SharedIndexInformer<GenericKubernetesResource> watch =
                    HubWatch.informer(client, kind, wish.swarm(), signal);
            watches.put(kind, watch);
            lists.put(kind, watch.start().toCompletableFuture());
        }
        for (ObjectKind kind : kinds) {
            lists.get(kind).get(millisUntil(until), TimeUnit.MILLISECONDS);
        }
        for (ObjectKind kind : kinds) {
            String name = name(kind);
            // What an earlier attempt has deleted was created too, be it that it did not live to say so.
            long earlier = earlier(DeletionView::created, name);
            created.put(name, Math.max(earlier, earlier(DeletionView::deleted, name) + left(kind)));
        }
        LOG.info("swarm [{}] has made on the hub: {}", wish.swarm(), created);
        progress.accept(view(List.of()));
    }

    private long earlier(Function<DeletionView, Map<String, Long>> counts, String name) {
        return wish.before()
                .map(view -> counts.apply(view).getOrDefault(name, 0L))
                .orElse(0L);
    }

    /** Whether the second kinds were gone before the deadline. The first ones are deleted, again and again while the hub does not take it. */
    private boolean deleteUntilNoneOf(List<ObjectKind> deleted, List<ObjectKind> gone)
            throws InterruptedException, ExecutionException {
        Instant forceFrom = Instant.now().plus(wish.patience());
        while (true) {
            for (ObjectKind kind : deleted) {
                deleteAll(kind);
            }
            if (wish.force().getAsBoolean() && Instant.now().isAfter(forceFrom)) {
                for (ObjectKind kind : gone) {
                    freeAll(kind);
                }
            }
            Instant again = Instant.now().plus(BEFORE_RETRY);
            if (awaitNoneOf(gone, again.isBefore(until) ? again : until)) {
                return true;
            }
            if (millisUntil(until) == 0) {
                return false;
            }
        }
    }

    private void deleteAll(ObjectKind kind) throws InterruptedException, ExecutionException {
        Set<String> going = kind.namespaced() && !FIRST.contains(kind) ? goingNamespaces() : Set.of();
        List<ObjectMeta> doomed = here(kind).stream()
                .filter(metadata -> metadata.getDeletionTimestamp() == null)
                .filter(objects::carriesLabel)
                .filter(metadata -> !kind.namespaced() || !going.contains(metadata.getNamespace()))
                .toList();
        if (kind.equals(NAMESPACE)) {
            deleteNamespaces(doomed);
        } else {
            AtATime.run(doomed.stream()
                    .<Runnable>map(metadata -> () -> objects.delete(kind, metadata))
                    .toList());
        }
        progress.accept(view(List.of()));
    }

    /** What is in them goes with them. */
    private Set<String> goingNamespaces() {
        return here(NAMESPACE).stream()
                .filter(objects::carriesLabel)
                .map(ObjectMeta::getName)
                .filter(name -> !kept.containsKey(name))
                .collect(Collectors.toSet());
    }

    /** Looks once for all of them what others have there. */
    private void deleteNamespaces(List<ObjectMeta> namespaces) throws InterruptedException, ExecutionException {
        if (namespaces.isEmpty()) {
            return;
        }
        Map<String, List<String>> others;
        try {
            others = wish.force().getAsBoolean()
                    ? Map.of()
                    : foreign.in(
                            namespaces.stream().map(ObjectMeta::getName).collect(Collectors.toSet()),
                            List.copyOf(kinds));
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "cannot see what is in the namespaces of swarm [{}] yet: {}",
                    wish.swarm(),
                    String.valueOf(e.getMessage()));
            return;
        }
        kept.keySet().retainAll(others.keySet());
        kept.putAll(others);
        AtATime.run(namespaces.stream()
                .filter(metadata -> !others.containsKey(metadata.getName()))
                .<Runnable>map(metadata -> () -> objects.delete(NAMESPACE, metadata))
                .toList());
    }

    private void freeAll(ObjectKind kind) throws InterruptedException, ExecutionException {
        AtATime.run(here(kind).stream()
                .filter(metadata -> metadata.getDeletionTimestamp() != null)
                .filter(metadata -> !metadata.getFinalizers().isEmpty())
                .filter(objects::carriesLabel)
                .<Runnable>map(metadata -> () -> objects.free(kind, metadata))
                .toList());
    }

    private boolean awaitNoneOf(List<ObjectKind> awaited, Instant atMost) throws InterruptedException {
        Instant nextProgress = Instant.now().plus(PROGRESS_EVERY);
        lock.lock();
        try {
            while (awaited.stream().anyMatch(this::isAwaited)) {
                if (millisUntil(atMost) == 0) {
                    return false;
                }
                // The signal comes before the store has changed, so the condition is looked at again anyway.
                boolean signalled = somethingGone.await(Math.min(200, millisUntil(atMost)), TimeUnit.MILLISECONDS);
                if (signalled || Instant.now().isAfter(nextProgress)) {
                    nextProgress = Instant.now().plus(PROGRESS_EVERY);
                    progress.accept(view(List.of()));
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isAwaited(ObjectKind kind) {
        return kind.equals(NAMESPACE)
                ? here(kind).stream().anyMatch(namespace -> !kept.containsKey(namespace.getName()))
                : left(kind) > 0;
    }

    private DeletionView result() {
        List<String> stuck = new ArrayList<>();
        for (ObjectKind kind : kinds) {
            here(kind).stream().limit(NAMED_AT_MOST).forEach(metadata -> stuck.add(stuck(kind, metadata)));
        }
        return view(stuck);
    }

    private String stuck(ObjectKind kind, ObjectMeta metadata) {
        boolean namespaced = kind.namespaced();
        String name = (namespaced ? metadata.getNamespace() + "/" : "") + metadata.getName();
        List<String> others = kind.equals(NAMESPACE) ? kept.getOrDefault(metadata.getName(), List.of()) : List.of();
        if (!others.isEmpty()) {
            return "Namespace " + name + " holds what the swarm has not created: " + String.join(", ", others)
                    + "; move it away and delete the swarm again, or lose it: swarm delete " + wish.swarm()
                    + " --force";
        }
        if (objects.refusal(metadata).isPresent()) {
            return kind.kind() + " " + name + " cannot be deleted: "
                    + objects.refusal(metadata).get() + "; delete the swarm again when it can";
        }
        String command = "kubectl patch " + kind.kubectlName() + " " + metadata.getName()
                + (namespaced ? " -n " + metadata.getNamespace() : "")
                + " --type=merge -p '{\"metadata\":{\"finalizers\":null}}'";
        return metadata.getFinalizers().isEmpty()
                ? kind.kind() + " " + name + " is still there; delete the swarm again"
                : kind.kind() + " " + name + " is held by " + String.join(", ", metadata.getFinalizers())
                        + " (is the service running?); this frees it: " + command + " (or all: swarm delete "
                        + wish.swarm() + " --force)";
    }

    private DeletionView view(List<String> stuck) {
        Map<String, Long> left = new LinkedHashMap<>();
        Map<String, Long> deleted = new LinkedHashMap<>();
        kinds.forEach(kind -> {
            long leftOfKind = left(kind);
            left.put(name(kind), leftOfKind);
            deleted.put(name(kind), Math.max(0, created.getOrDefault(name(kind), 0L) - leftOfKind));
        });
        return new DeletionView(
                new LinkedHashMap<>(created),
                deleted,
                left,
                stuck,
                unread.stream().map(what -> "the hub did not list " + what).toList());
    }

    /** A user's kind may be named as another is. */
    private String name(ObjectKind kind) {
        boolean alone =
                kinds.stream().filter(other -> other.kind().equals(kind.kind())).count() == 1;
        return alone ? kind.kind() : kind.kind() + "." + kind.group();
    }

    private List<ObjectKind> only(Predicate<ObjectKind> wanted) {
        return kinds.stream().filter(wanted).toList();
    }

    private Collection<ObjectMeta> here(ObjectKind kind) {
        SharedIndexInformer<GenericKubernetesResource> watch = watches.get(kind);
        return watch == null
                ? List.of()
                : watch.getStore().list().stream()
                        .map(GenericKubernetesResource::getMetadata)
                        .toList();
    }

    private long left(ObjectKind kind) {
        return watches.get(kind).getStore().listKeys().size();
    }

    private static Set<ObjectKind> types(Kinds... kinds) {
        return Arrays.stream(kinds).map(Kinds::type).collect(Collectors.toUnmodifiableSet());
    }

    private static long millisUntil(Instant time) {
        return Math.max(0, Duration.between(Instant.now(), time).toMillis());
    }

    /** Wakes who waits for objects to go. */
    private final class Signal implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {}

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {}

        @Override
        public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
            lock.lock();
            try {
                somethingGone.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
