package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.PlanRules.Violation;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.TemplateScope;
import java.util.ArrayList;
import java.util.List;

/**
 * What a group must not ask for that is driven by REST: there is nothing in that API that it could be written to. And what only such a group
 * may ask for.
 */
final class RestRules {
    private static final String HINT = "leave it out, or leave out 'api: rest'";
    private final String path;
    private final List<Violation> violations = new ArrayList<>();

    private RestRules(String path) {
        this.path = path;
    }

    /** @param path of the group */
    static List<Violation> violations(String path, ClusterGroup group) {
        RestRules rules = new RestRules(path);
        if (group.api() == ClusterApi.REST) {
            rules.without(!group.infraEnvLabels().isEmpty(), "infraenvLabels", "are labels of a custom resource");
            rules.without(!group.traits().agentLabels().isEmpty(), "agentLabels", "are labels of a custom resource");
            rules.without(!group.traits().annotations().isEmpty(), "annotations", "are those of a custom resource");
            group.traits().hostAnnotations().keySet().stream()
                    .filter(name -> !name.equals(TemplateScope.HOSTNAME_ANNOTATION))
                    .sorted()
                    .forEach(name ->
                            rules.without(true, "hostAnnotations." + name, "is an annotation of a custom resource"));
        } else if (!group.traits().downloads().isEmpty()) {
            rules.violations.add(new Violation(
                    path + ".downloads",
                    "are what users of the service's REST API fetch",
                    "leave them out, or add 'api: rest'"));
        }
        return rules.violations;
    }

    private void without(boolean there, String key, String what) {
        if (there) {
            violations.add(new Violation(path + "." + key, what + ", which a cluster with 'api: rest' has not", HINT));
        }
    }
}
