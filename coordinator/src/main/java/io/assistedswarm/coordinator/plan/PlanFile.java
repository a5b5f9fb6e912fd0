package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.Deadlines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a plan in either of the two formats: our own, and that of the original tool, which says no {@code apiVersion}. */
public final class PlanFile {
    public static final String API_VERSION = "assistedswarm.io/v1alpha1";
    private static final String KIND = "SwarmPlan";
    private static final long DEFAULT_SEED = 1;

    private final Problems problems;

    private PlanFile(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads and checks a plan.
     *
     * @param overrides {@code a.b=c}, each as given with {@code --set}
     * @param problems receives everything that is wrong
     * @return empty when the file is not even a mapping; to be used only when there are no problems
     */
    public static Optional<SwarmPlan> read(Path file, List<String> overrides, Problems problems) {
        return YamlFile.read(file, problems)
                .map(tree -> Overrides.apply(tree, overrides, problems))
                .flatMap(tree -> Section.top(tree, problems))
                .map(top -> new PlanFile(problems).read(top, file));
    }

    private SwarmPlan read(Section top, Path file) {
        boolean original = !top.has("apiVersion") && !top.has("kind") && !top.has("spec");
        SwarmPlan plan = original ? original(top, nameOf(file)) : ours(top);
        top.close();
        List<String> misread = problems.errors().stream().map(Problem::path).toList();
        for (PlanRules.Violation violation : PlanRules.violations(plan)) {
            String path = original ? originalPath(violation.path()) : ourPath(violation.path());
            if (misread.stream().noneMatch(other -> concerns(other, path))) {
                problems.errorAt(path, violation.message(), violation.hint());
            }
        }
        return plan;
    }

    /** Whether a value that could not be read makes a rule about another one meaningless: one is the other, or inside it. */
    private static boolean concerns(String misread, String path) {
        return within(misread, path) || within(path, misread);
    }

    private static boolean within(String inner, String outer) {
        return !outer.isEmpty()
                && inner.startsWith(outer)
                && (inner.length() == outer.length() || ".[".indexOf(inner.charAt(outer.length())) >= 0);
    }

    // our own format

    private SwarmPlan ours(Section top) {
        expect(top, "apiVersion", API_VERSION);
        expect(top, "kind", KIND);
        String name = "swarm";
        Optional<Section> metadata = top.require("metadata").section("metadata");
        if (metadata.isPresent()) {
            name = metadata.get().require("name").anyText("name").orElse(name);
            metadata.get().close();
        }
        Optional<Section> spec = top.require("spec").section("spec");
        if (spec.isEmpty()) {
            return new SwarmPlan(name, DEFAULT_SEED, false, Pace.UNLIMITED, Deadlines.DEFAULT, List.of());
        }
        SwarmPlan plan = new SwarmPlan(
                name,
                spec.get().longInteger("seed").orElse(DEFAULT_SEED),
                spec.get().bool("shuffle").orElse(false),
                spec.get().section("pace").map(PaceSection::read).orElse(Pace.UNLIMITED),
                spec.get().section("deadlines").map(PlanFile::deadlines).orElse(Deadlines.DEFAULT),
                spec.get()
                        .require("clusters")
                        .sections("clusters", (group, index) -> ourGroup(group))
                        .orElse(List.of()),
                faults(spec.get()),
                spec.get().bool("replaceLost").orElse(false),
                spec.get().section("limits").map(LimitsSection::read).orElse(Limits.NONE),
                spec.get().section("metrics").map(MetricsSection::read).orElse(Metrics.DEFAULT));
        spec.get().close();
        return plan;
    }

    private void expect(Section top, String key, String wanted) {
        top.require(key)
                .text(key)
                .filter(text -> !text.equals(wanted))
                .ifPresent(text -> top.error(
                        key, "is '" + text + "', which this program does not know", "write '" + wanted + "'"));
    }

    private static Deadlines deadlines(Section section) {
        Map<String, Duration> defaults = PlanRules.named(Deadlines.DEFAULT);
        Deadlines deadlines = new Deadlines(
                section.duration("apply").orElse(defaults.get("apply")),
                section.duration("image").orElse(defaults.get("image")),
                section.duration("download").orElse(defaults.get("download")),
                section.duration("registration").orElse(defaults.get("registration")),
                section.duration("discovery").orElse(defaults.get("discovery")),
                section.duration("preparation").orElse(defaults.get("preparation")),
                section.duration("installation").orElse(defaults.get("installation")),
                section.duration("controller").orElse(defaults.get("controller")),
                section.duration("deletion").orElse(defaults.get("deletion")));
        section.close();
        return deadlines;
    }

    private static ClusterGroup ourGroup(Section section) {
        Optional<Boolean> singleNode = section.bool("singleNode");
        Optional<Integer> controlPlanes = section.integer("controlPlanes");
        int workers = section.integer("numWorkers").orElse(0);
        boolean infraEnvOnly = section.bool("justInfraenv").orElse(false);
        if (singleNode.isPresent() && controlPlanes.isPresent() && singleNode.get() != (controlPlanes.get() == 1)) {
            section.error(
                    "controlPlanes",
                    "is " + controlPlanes.get() + ", but singleNode is " + singleNode.get(),
                    "leave out one of the two");
        }
        noWorkersOnSingleNode(section, "numWorkers", singleNode.orElse(false) && infraEnvOnly, workers);
        ClusterGroup group = new ClusterGroup(
                singleNode.orElse(false) ? 1 : controlPlanes.orElse(3),
                workers,
                section.integer("amount").orElse(1),
                section.bool("withNmstate").orElse(false),
                infraEnvOnly,
                section.textMap("infraenvLabels", false).orElse(Map.of()),
                TraitsSection.read(section),
                faults(section),
                api(section));
        section.close();
        return group;
    }

    private static ClusterApi api(Section section) {
        return section.text("api")
                .flatMap(label -> {
                    Optional<ClusterApi> api = ClusterApi.ofLabel(label);
                    if (api.isEmpty()) {
                        section.error("api", "is '" + label + "'", "it is kube-api or rest");
                    }
                    return api;
                })
                .orElse(ClusterApi.KUBE_API);
    }

    private static List<FaultRule> faults(Section section) {
        return section.sections("faults", (fault, index) -> FaultSection.read(fault))
                .orElse(List.of());
    }

    private static String ourPath(String path) {
        return path.equals("name") ? "metadata.name" : "spec." + path;
    }

    // the original's format

    private SwarmPlan original(Section top, String name) {
        top.ignore("schema");
        return new SwarmPlan(
                name,
                DEFAULT_SEED,
                top.bool("shuffle").orElse(false),
                Pace.UNLIMITED,
                Deadlines.DEFAULT,
                top.require("clusters")
                        .sections("clusters", (group, index) -> originalGroup(group))
                        .orElse(List.of()));
    }

    private static ClusterGroup originalGroup(Section section) {
        boolean singleNode = section.require("single_node").bool("single_node").orElse(false);
        int workers = section.require("num_workers").integer("num_workers").orElse(0);
        boolean infraEnvOnly = section.bool("just_infraenv").orElse(false);
        noWorkersOnSingleNode(section, "num_workers", singleNode && infraEnvOnly, workers);
        ClusterGroup group = new ClusterGroup(
                singleNode ? 1 : 3,
                workers,
                section.require("amount").integer("amount").orElse(1),
                section.bool("with_nmstate").orElse(false),
                infraEnvOnly,
                originalLabels(section));
        section.close();
        return group;
    }

    /** The original's own example spells the key wrong, and the original then drops the labels without a word. */
    private static Map<String, String> originalLabels(Section section) {
        Map<String, String> labels = section.textMap("infraenv_labels", false).orElse(Map.of());
        if (!section.has("infranev_labels")) {
            return labels;
        }
        if (section.has("infraenv_labels")) {
            section.ignore("infranev_labels");
            section.error("infranev_labels", "is there beside 'infraenv_labels'", "keep 'infraenv_labels'");
            return labels;
        }
        section.warn("infranev_labels", "is taken as 'infraenv_labels'", "the original tool ignores it as it is spelt");
        return section.textMap("infranev_labels", false).orElse(Map.of());
    }

    private static String originalPath(String path) {
        return path.replace("controlPlanes", "single_node")
                .replace("numWorkers", "num_workers")
                .replace("infraenvLabels", "infraenv_labels");
    }

    /** The original's format has no name: the file's then leads the swarm's id. */
    private static String nameOf(Path file) {
        Path last = file.getFileName();
        String name = (last == null ? "" : last.toString())
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\.ya?ml$", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^[^a-z]+|-+$", "");
        String cut = name.length() > PlanRules.MAX_NAME_LENGTH
                ? name.substring(0, PlanRules.MAX_NAME_LENGTH).replaceAll("-+$", "")
                : name;
        return cut.isEmpty() ? "swarm" : cut;
    }

    private static void noWorkersOnSingleNode(Section section, String key, boolean applies, int workers) {
        if (applies && workers != 0) {
            section.error(key, "is " + workers + ", but a single node has no workers", "set it to 0");
        }
    }
}
