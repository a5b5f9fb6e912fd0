package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Problem.Position;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.RuntimeSpec.Exec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.TemplateScope;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Renders every template once for each shape of cluster in the plan, as the workers will, so that a template which cannot be rendered
 * is found before anything is created. The pull secret is a stand-in, so that no message can repeat the real one.
 */
public final class TemplateCheck {
    private static final String SOME_UUID = "00000000-0000-4000-8000-000000000000";

    private static final Pattern ON_LINE = Pattern.compile(" on line (\\d+)");

    private final SwarmSpec swarm;
    private final Path folder;
    private final Problems problems;
    private final Set<String> said = new LinkedHashSet<>();

    private TemplateCheck(SwarmSpec swarm, Path folder, Problems problems) {
        this.swarm = swarm;
        this.folder = folder;
        this.problems = problems;
    }

    /**
     * Checks the manifests and the runtime's texts.
     *
     * @param folder where the manifests came from
     * @param serviceConfig where the runtime came from
     */
    public static void check(
            SwarmPlan plan,
            ServiceConfig config,
            Manifests manifests,
            Path folder,
            Path serviceConfig,
            Problems problems) {
        SwarmSpec swarm = new SwarmSpec(
                new SwarmId("swarm"), standIn(config.service()), config.runtime(), manifests, plan.deadlines());
        TemplateCheck check = new TemplateCheck(swarm, folder, problems);
        check.present(plan);
        manifests.swarm().forEach(template -> check.manifest(template, TemplateScope.ofSwarm(swarm)));
        for (ClusterSpec shape : shapes(plan)) {
            if (hasRightHostAnnotations(shape)) {
                check.manifests(shape);
                check.runtime(shape, serviceConfig);
            }
        }
    }

    private static ServiceSpec standIn(ServiceSpec service) {
        return new ServiceSpec(
                service.url(),
                service.insecure(),
                service.caFile(),
                service.sshPublicKey(),
                new Secret("{}"),
                service.releaseImage(),
                service.openshiftVersion(),
                service.baseDomain(),
                "agent-image");
    }

    /** Two workers stand for any number of them, one arbiter and one day-2 worker, too. */
    private static Set<ClusterSpec> shapes(SwarmPlan plan) {
        Set<ClusterSpec> shapes = new LinkedHashSet<>();
        for (ClusterGroup group : plan.clusters()) {
            shapes.add(new ClusterSpec(
                    new ClusterId(new SwarmId("swarm"), 0),
                    Math.clamp(group.controlPlanes(), 1, 5),
                    Math.clamp(group.workers(), 0, 2),
                    group.withNmstate(),
                    group.infraEnvOnly(),
                    group.infraEnvLabels(),
                    group.traits()
                            .withHosts(
                                    Math.clamp(group.traits().arbiters(), 0, 1),
                                    Math.clamp(group.traits().day2Workers(), 0, 1)),
                    Map.of()));
        }
        return shapes;
    }

    private void present(SwarmPlan plan) {
        Manifests manifests = swarm.manifests();
        boolean clusters = plan.clusters().stream().anyMatch(group -> !group.infraEnvOnly());
        boolean infraEnvs = plan.clusters().stream().anyMatch(ClusterGroup::infraEnvOnly);
        present(!clusters || !manifests.cluster().isEmpty(), "cluster");
        present(!infraEnvs || !manifests.infraEnv().isEmpty(), "infraenv");
        present(!manifests.host().isEmpty(), "host");
    }

    private void present(boolean there, String part) {
        if (!there) {
            problem(folder.resolve(part).toString(), "holds no *.yaml template, but the plan needs one");
        }
    }

    /** What is wrong with them the rules of the plan have said; no host's template can be tried then. */
    private static boolean hasRightHostAnnotations(ClusterSpec shape) {
        try {
            shape.hosts().forEach(host -> TemplateScope.hostAnnotations(shape, host));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void manifests(ClusterSpec shape) {
        Manifests manifests = swarm.manifests();
        TemplateScope ofCluster = TemplateScope.ofCluster(swarm, shape);
        (shape.infraEnvOnly() ? manifests.infraEnv() : manifests.cluster())
                .forEach(template -> manifest(template, ofCluster));
        List<HostId> hosts = shape.hosts();
        for (HostId host : Set.copyOf(List.of(hosts.getFirst(), hosts.getLast()))) {
            TemplateScope ofHost = TemplateScope.ofHost(swarm, shape, host);
            manifests.host().forEach(template -> manifest(template, ofHost));
        }
    }

    private void manifest(Template template, TemplateScope scope) {
        String file = folder.resolve(template.name()).toString();
        String rendered;
        try {
            rendered = scope.renderYaml(template);
        } catch (IllegalArgumentException e) {
            unrendered(file, e);
            return;
        }
        try {
            for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(rendered)) {
                if (document != null && !isObject(document)) {
                    problem(file, "renders to a document without apiVersion, kind and metadata.name");
                }
            }
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .flatMap(mark -> rendered.lines().skip(mark.getLine()).findFirst())
                    .map(text -> " at '" + text.strip() + "'")
                    .orElse("");
            problem(file, "does not render to YAML: " + oneLine(e.getProblem()) + line);
        } catch (YamlEngineException e) {
            problem(file, "does not render to YAML: " + oneLine(e.getMessage()));
        }
    }

    /** Mustache says "No method or field with name 'x' on line 3". */
    private void unrendered(String file, IllegalArgumentException e) {
        String message = oneLine(e.getMessage())
                .replaceFirst("^template '[^']*': ", "")
                .replace("No method or field with name", "there is no variable");
        Matcher line = ON_LINE.matcher(message);
        problem(line.find() ? file + ":" + line.group(1) : file, line.replaceFirst(""));
    }

    private static boolean isObject(Object document) {
        return document instanceof Map<?, ?> object
                && object.get("apiVersion") instanceof String
                && object.get("kind") instanceof String
                && object.get("metadata") instanceof Map<?, ?> metadata
                && metadata.get("name") instanceof String;
    }

    private void runtime(ClusterSpec shape, Path serviceConfig) {
        if (swarm.runtime() instanceof RuntimeSpec.Hollow) {
            return;
        }
        Exec exec = swarm.runtime().commandLines();
        TemplateScope scope = TemplateScope.ofHost(swarm, shape, shape.host(0))
                .with("infraEnv", Map.of("id", SOME_UUID))
                .with("files", Map.of("marker", "/marker", "hosts", "/hosts.json"))
                .with("worker", Map.of("name", "worker"));
        String file = serviceConfig.toString();
        command(file, "agent", exec.agentCommand(), scope);
        environment(file, "agent", exec.agentEnvironment(), scope);
        if (!shape.infraEnvOnly()) {
            TemplateScope ofController = scope.with("clusterUuid", SOME_UUID);
            command(file, "controller", exec.controllerCommand(), ofController);
            environment(file, "controller", exec.controllerEnvironment(), ofController);
        }
    }

    private void command(String file, String process, List<String> command, TemplateScope scope) {
        try {
            if (scope.renderArguments(command).isEmpty()) {
                problem(file, "the " + process + "'s command renders to nothing");
            }
        } catch (IllegalArgumentException e) {
            problem(file, "the " + process + "'s command: " + oneLine(e.getMessage()));
        }
    }

    private void environment(String file, String process, Map<String, String> environment, TemplateScope scope) {
        environment.forEach((name, text) -> {
            try {
                scope.with("token", "token").renderEnvironment(Map.of(name, text));
            } catch (IllegalArgumentException e) {
                problem(file, "the " + process + "'s environment: " + oneLine(e.getMessage()));
            }
        });
    }

    /** The same template fails for every shape: once is enough. */
    private void problem(String file, String message) {
        if (said.add(file + message)) {
            problems.error(new Position(file, 0), "", message, "docs/plan-guide.md lists the variables");
        }
    }

    private static String oneLine(String message) {
        return String.valueOf(message).replaceAll("\\s+", " ").strip();
    }
}
