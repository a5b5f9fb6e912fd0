package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Replacement;
import io.assistedswarm.coordinator.report.ClusterEnds;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.SwarmId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes groups of a running swarm bigger or smaller, as its user says: what is added comes after all others, and only what has no places yet
 * is taken out. Not thread-safe: it belongs to one actor.
 */
final class Scaling {
    /** What is recorded of a cluster that is taken out; it then speaks neither for the service nor against it. */
    static final String TAKEN_OUT = ClusterEnds.TAKEN_OUT;

    private final SwarmId swarm;
    private final SwarmPlan plan;
    private final Progress progress;
    private final Intake intake;
    private final Lookout lookout;
    private final Chronicle chronicle;

    /** Group of each cluster, by index; those that have replaced others stand for those and are not here. */
    private final Map<Integer, Integer> groups = new TreeMap<>();

    Scaling(SwarmId swarm, SwarmPlan plan, Progress progress, Intake intake, Lookout lookout, Chronicle chronicle) {
        this.swarm = swarm;
        this.plan = plan;
        this.progress = progress;
        this.intake = intake;
        this.lookout = lookout;
        this.chronicle = chronicle;
        List<Integer> planned = plan.groups();
        for (int index = 0; index < planned.size(); index++) {
            groups.put(index, planned.get(index));
        }
    }

    /** What an earlier coordinator has added. */
    void remember(Replacement extra) {
        groups.put(extra.fresh().index(), groups.get(extra.lost().index()));
    }

    /**
     * Does it, or says why not.
     *
     * @param group index in the plan; may be empty when there is one only
     * @param wanted clusters of the group
     */
    Optional<String> scale(Optional<Integer> group, int wanted, Instant now) {
        if (group.isEmpty() && plan.clusters().size() > 1) {
            return Optional.of("has " + plan.clusters().size() + " groups of clusters: name one, from 0");
        }
        int of = group.orElse(0);
        if (of < 0 || of >= plan.clusters().size()) {
            return Optional.of(
                    "has no group " + of + ": its plan has " + plan.clusters().size() + ", from 0");
        }
        if (plan.clusters().get(of).traits().hold() == Hold.UNTIL_ALL_READY) {
            return Optional.of("cannot be scaled in group " + of + ": its clusters wait for each other");
        }
        if (intake.stopped().isPresent()) {
            return Optional.of("lets no more clusters in: " + intake.stopped().get());
        }
        List<ClusterId> present = present(of);
        return wanted >= present.size()
                ? grow(of, wanted - present.size(), now)
                : shrink(present, present.size() - wanted, now);
    }

    private Optional<String> grow(int group, int more, Instant now) {
        if (progress.clusterCount() + more > Identity.MAX_CLUSTERS) {
            return Optional.of("would have " + (progress.clusterCount() + more) + " clusters; it has at most "
                    + Identity.MAX_CLUSTERS + ", those that are taken out included");
        }
        int model = plan.groups().indexOf(group);
        for (int i = 0; i < more; i++) {
            Replacement extra = new Replacement(
                    new ClusterId(swarm, model), new ClusterId(swarm, progress.clusterCount()), now, true);
            ClusterSpec fresh = extra.like(progress.spec(extra.lost()).orElseThrow());
            remember(extra);
            progress.add(fresh, now);
            chronicle.save(new Change.ClusterReplaced(extra));
            lookout.add(fresh);
            intake.add(fresh, now);
        }
        return Optional.empty();
    }

    private Optional<String> shrink(List<ClusterId> present, int less, Instant now) {
        Set<ClusterId> waiting = intake.waiting();
        List<ClusterId> removable = present.stream().filter(waiting::contains).toList();
        if (removable.size() < less) {
            return Optional.of("cannot have so few: " + (present.size() - removable.size()) + " of the "
                    + present.size() + " clusters are admitted already, and go on");
        }
        intake.takeOut(removable.subList(removable.size() - less, removable.size()), TAKEN_OUT, now);
        return Optional.empty();
    }

    /** In the order of admission. */
    private List<ClusterId> present(int group) {
        List<ClusterId> present = new ArrayList<>();
        groups.forEach((index, of) -> {
            ClusterId cluster = new ClusterId(swarm, index);
            if (of == group && !progress.isTakenOut(cluster)) {
                present.add(cluster);
            }
        });
        return present;
    }
}
