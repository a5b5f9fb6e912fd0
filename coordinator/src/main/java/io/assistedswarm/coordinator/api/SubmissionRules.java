package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.plan.PlanRules;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.SwarmId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What must hold of a submission when it did not come from our own client, which checks far more and with line numbers. */
final class SubmissionRules {
    /** One program plays all hosts of a worker: none of them can stand still, or lose its installer, by itself. */
    private static final Set<Fault.Kind> NOT_COMBINED = EnumSet.of(Fault.Kind.VANISH, Fault.Kind.FAIL_INSTALLER);

    private SubmissionRules() {}

    /** All that is wrong, one line each. */
    static List<String> problems(Submission submission) {
        List<String> problems = new ArrayList<>();
        submission
                .id()
                .filter(id -> !SwarmId.isValid(id))
                .ifPresent(id -> problems.add("id: '" + id
                        + "' is not a swarm id: lower-case letters, digits and '-', at most " + SwarmId.MAX_LENGTH
                        + " characters, beginning with a letter"));
        problems.addAll(problems(submission.plan()));
        PlanRules.violationsTogether(submission.plan()).forEach(violation -> problems.add("plan." + violation));
        problems.addAll(unread(submission.plan()));
        ServiceSpec service = submission.service();
        required(problems, "service.url", service.url());
        required(problems, "service.releaseImage", service.releaseImage());
        required(problems, "service.openshiftVersion", service.openshiftVersion());
        required(problems, "service.baseDomain", service.baseDomain());
        required(problems, "service.pullSecret", service.pullSecret().reveal());
        problems.addAll(unauthorized(service));
        boolean processes = !(submission.runtime() instanceof RuntimeSpec.Hollow);
        RuntimeSpec.Exec commandLines = submission.runtime().commandLines();
        if (processes && commandLines.agentCommand().isEmpty()) {
            problems.add("runtime.agentCommand: is empty");
        }
        if (processes && commandLines.controllerCommand().isEmpty()) {
            problems.add("runtime.controllerCommand: is empty");
        }
        if (submission.runtime() instanceof RuntimeSpec.Combined) {
            problems.addAll(notCombined(submission.plan()));
        }
        return problems;
    }

    private static List<String> unauthorized(ServiceSpec service) {
        List<String> problems = new ArrayList<>();
        AuthSpec auth = service.auth();
        if (auth.mode() == AuthMode.RHSSO) {
            required(problems, "service.auth.offlineToken", auth.offlineToken().reveal());
            required(problems, "service.auth.tokenUrl", auth.tokenUrl());
            required(problems, "service.auth.clientId", auth.clientId());
        }
        if (auth.mode() == AuthMode.AGENT_INSTALLER_LOCAL) {
            required(problems, "service.auth.userToken", auth.userToken().reveal());
            required(problems, "service.auth.agentToken", auth.agentToken().reveal());
        }
        problems.addAll(unshared(auth));
        return problems;
    }

    private static List<String> unshared(AuthSpec auth) {
        List<String> problems = new ArrayList<>();
        List<ServiceUser> users = auth.users();
        if (users.size() > ServiceUser.MOST_USERS) {
            problems.add("service.auth.users: there may be " + ServiceUser.MOST_USERS);
        }
        if (!users.isEmpty() && auth.mode() == AuthMode.AGENT_INSTALLER_LOCAL) {
            problems.add("service.auth.users: agent-installer-local knows one user");
        }
        if (users.stream().map(ServiceUser::name).distinct().count() < users.size()) {
            problems.add("service.auth.users: two have the same name");
        }
        for (int i = 0; i < users.size(); i++) {
            ServiceUser user = users.get(i);
            String path = "service.auth.users[" + i + "]";
            required(problems, path + ".name", user.name() == null ? "" : user.name());
            if (user.weight() < 1 || user.weight() > ServiceUser.HEAVIEST) {
                problems.add(path + ".weight: is " + user.weight() + "; it is from 1 to " + ServiceUser.HEAVIEST);
            }
            required(problems, path + ".pullSecret", user.pullSecret().reveal());
            if (auth.mode() == AuthMode.RHSSO) {
                required(problems, path + ".offlineToken", user.offlineToken().reveal());
            }
        }
        return problems;
    }

    /** The coordinator has not the user's files. */
    private static List<String> unread(SwarmPlan plan) {
        List<String> problems = new ArrayList<>();
        if (!plan.limits().alertProfiles().isEmpty()) {
            problems.add("plan.limits.alertProfiles: are read by 'swarm submit'; send what they hold as alerts");
        }
        if (plan.metrics().profiles().filter(names -> !names.isEmpty()).isPresent()) {
            problems.add("plan.metrics.profiles: are read by 'swarm submit'; send what they hold as queries");
        }
        return problems;
    }

    private static List<String> notCombined(SwarmPlan plan) {
        return Stream.concat(plan.faults().stream(), plan.clusters().stream().flatMap(group -> group.faults().stream()))
                .map(rule -> rule.fault().kind())
                .filter(NOT_COMBINED::contains)
                .distinct()
                .map(kind -> "plan.faults: '" + kind.label()
                        + "' cannot be done to one host of the combined agent, which plays them all; leave it out, or"
                        + " choose another runtime")
                .toList();
    }

    static List<String> problems(SwarmPlan plan) {
        return PlanRules.violations(plan).stream()
                .map(violation -> "plan." + violation)
                .toList();
    }

    private static void required(List<String> problems, String path, String value) {
        if (value.isBlank()) {
            problems.add(path + ": is empty");
        }
    }
}
