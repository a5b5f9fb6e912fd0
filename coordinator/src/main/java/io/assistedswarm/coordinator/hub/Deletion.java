package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what carries a swarm's label, in the order that the service needs (reference, cr-lifecycle 9.3): ClusterDeployments first, so that
 * no Agent waits for the clean-up of a cluster that does not exist, then BareMetalHosts with their images and InfraEnvs; the namespaces when those are gone;
 * the ClusterImageSet last. Blocks; may be interrupted and repeated.
 */
final class Deletion implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);

    /** The service lists all Agents of the hub for each cluster that it deletes. */
    private static final int AT_A_TIME = 8;

    private static final int NAMED_AT_MOST = 20;
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(3);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);
    private static final List<Kinds> FIRST =
            List.of(Kinds.CLUSTER_DEPLOYMENT, Kinds.BARE_METAL_HOST, Kinds.PREPROVISIONING_IMAGE, Kinds.INFRA_ENV);
    private static final List<Kinds> THE_SERVICE_RELEASES = List.of(
            Kinds.CLUSTER_DEPLOYMENT,
            Kinds.AGENT_CLUSTER_INSTALL,
            Kinds.AGENT,
            Kinds.BARE_METAL_HOST,
            Kinds.PREPROVISIONING_IMAGE,
            Kinds.INFRA_ENV);

    private final KubernetesClient client;
    private final SwarmId swarm;
    private final List<Kinds> kinds;
    private final Instant until;
    private final Optional<DeletionView> before;
    private final Consumer<DeletionView> progress;
    private final Map<Kinds, SharedIndexInformer<GenericKubernetesResource>> watches = new EnumMap<>(Kinds.class);
    private final Map<String, Long> created = new LinkedHashMap<>();
    /** By uid, what the hub said last to those that it did not delete. */
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition somethingGone = lock.newCondition();

    /** @param kinds those that the swarm is made of */
    Deletion(
            KubernetesClient client,
            SwarmId swarm,
            List<Kinds> kinds,
            Duration deadline,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress) {
        this.client = client;
        this.swarm = swarm;
        this.kinds = List.copyOf(kinds);
        this.until = Instant.now().plus(deadline);
        this.before = before;
        this.progress = progress;
    }

    DeletionView run() throws InterruptedException, ExecutionException {
        try {
            count();
            if (deleteUntilNoneOf(only(FIRST::contains), only(THE_SERVICE_RELEASES::contains))
                    && deleteUntilNoneOf(List.of(Kinds.NAMESPACE), only(kind -> kind != Kinds.CLUSTER_IMAGE_SET))) {
                deleteUntilNoneOf(List.of(Kinds.CLUSTER_IMAGE_SET), kinds);
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

    /** By the first LIST of a watch for each kind. */
    private void count() throws InterruptedException, ExecutionException, TimeoutException {
        ResourceEventHandler<GenericKubernetesResource> signal = new Signal();
        Map<Kinds, Future<Void>> lists = new EnumMap<>(Kinds.class);
        for (Kinds kind : kinds) {
            SharedIndexInformer<GenericKubernetesResource> watch = HubWatch.informer(client, kind, swarm, signal);
            watches.put(kind, watch);
            lists.put(kind, watch.start().toCompletableFuture());
        }
        for (Kinds kind : kinds) {
            lists.get(kind).get(millisUntil(until), TimeUnit.MILLISECONDS);
            long found = left(kind);
            // What an earlier attempt has deleted was created too.
            long deletedBefore = before.map(view -> view.deleted().getOrDefault(kind.kind(), 0L))
                    .orElse(0L);
            created.put(kind.kind(), deletedBefore + found);
        }
        LOG.info("swarm [{}] has left on the hub: {}", swarm, created);
        progress.accept(view(List.of()));
    }

    /** Whether the second kinds were gone before the deadline. The first ones are deleted, again and again while the hub does not take it. */
    private boolean deleteUntilNoneOf(List<Kinds> deleted, List<Kinds> gone)
            throws InterruptedException, ExecutionException {
        while (true) {
            for (Kinds kind : deleted) {
                deleteAll(kind);
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

    private void deleteAll(Kinds kind) throws InterruptedException, ExecutionException {
        List<Callable<Void>> deletions = new ArrayList<>();
        watches.get(kind).getStore().list().stream()
                .map(GenericKubernetesResource::getMetadata)
                .filter(metadata -> metadata.getDeletionTimestamp() == null)
                .filter(metadata -> swarm.value().equals(metadata.getLabels().get(Labels.SWARM)))
                .forEach(metadata -> deletions.add(() -> {
                    delete(kind, metadata);
                    return null;
                }));
        try (ExecutorService executor =
                Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
            for (Future<Void> done : executor.invokeAll(deletions)) {
                done.get();
            }
        }
        progress.accept(view(List.of()));
    }

    private void delete(Kinds kind, ObjectMeta metadata) {
        var ofKind = client.genericKubernetesResources(kind.context());
        try {
            (kind.namespaced()
                            ? ofKind.inNamespace(metadata.getNamespace()).withName(metadata.getName())
                            : ofKind.withName(metadata.getName()))
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete();
            refusals.remove(metadata.getUid());
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "[{}] [{}/{}] is not deleted yet: {}",
                    kind.kind(),
                    metadata.getNamespace(),
                    metadata.getName(),
                    e.getMessage());
            refusals.put(metadata.getUid(), e.getMessage());
        }
    }

    private boolean awaitNoneOf(List<Kinds> kinds, Instant atMost) throws InterruptedException {
        Instant nextProgress = Instant.now().plus(PROGRESS_EVERY);
        lock.lock();
        try {
            while (kinds.stream().anyMatch(kind -> left(kind) > 0)) {
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

    private DeletionView result() {
        List<String> stuck = new ArrayList<>();
        for (Kinds kind : kinds) {
            watches.get(kind).getStore().list().stream()
                    .map(GenericKubernetesResource::getMetadata)
                    .limit(NAMED_AT_MOST)
                    .forEach(metadata -> stuck.add(stuck(kind, metadata)));
        }
        return view(stuck);
    }

    private String stuck(Kinds kind, ObjectMeta metadata) {
        boolean namespaced = kind.namespaced();
        String name = (namespaced ? metadata.getNamespace() + "/" : "") + metadata.getName();
        String command = "kubectl patch " + kind.kubectlName() + " " + metadata.getName()
                + (namespaced ? " -n " + metadata.getNamespace() : "")
                + " --type=merge -p '{\"metadata\":{\"finalizers\":null}}'";
        if (refusals.containsKey(metadata.getUid())) {
            return kind.kind() + " " + name + " cannot be deleted: "
                    + refusals.get(metadata.getUid()).replaceAll("\\s+", " ") + "; delete the swarm again when it can";
        }
        return metadata.getFinalizers().isEmpty()
                ? kind.kind() + " " + name + " is still there; delete the swarm again"
                : kind.kind() + " " + name + " is held by " + String.join(", ", metadata.getFinalizers())
                        + " (is the service running?); this frees it: " + command;
    }

    private DeletionView view(List<String> stuck) {
        Map<String, Long> left = new LinkedHashMap<>();
        Map<String, Long> deleted = new LinkedHashMap<>();
        kinds.forEach(kind -> {
            long leftOfKind = left(kind);
            left.put(kind.kind(), leftOfKind);
            deleted.put(kind.kind(), Math.max(0, created.getOrDefault(kind.kind(), 0L) - leftOfKind));
        });
        return new DeletionView(new LinkedHashMap<>(created), deleted, left, stuck);
    }

    private List<Kinds> only(Predicate<Kinds> wanted) {
        return kinds.stream().filter(wanted).toList();
    }

    private long left(Kinds kind) {
        return watches.get(kind).getStore().listKeys().size();
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
