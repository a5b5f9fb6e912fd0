package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.PlanRules.Violation;
import io.assistedswarm.protocol.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What Kubernetes takes as a label (apimachinery, {@code util/validation}). */
final class LabelRules {
    static final String KEY_RULE =
            "a key is [DNS-SUBDOMAIN/]NAME; NAME has at most 63 letters, digits, '-', '_' or '.', and begins and ends with a letter or digit";
    static final String VALUE_RULE =
            "a value has at most 63 letters, digits, '-', '_' or '.', and begins and ends with a letter or digit";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private LabelRules() {}

    /** What is wrong with a label that a plan wants. */
    static List<Violation> violations(String path, String key, String value) {
        List<Violation> violations = new ArrayList<>();
        if (!isKey(key)) {
            violations.add(new Violation(path, "'" + key + "' is not a label key", KEY_RULE));
        } else if (isOurs(key)) {
            violations.add(new Violation(path, "'" + key + "' is set by the swarm itself", "choose another key"));
        }
        if (!isValue(value)) {
            violations.add(new Violation(path, "'" + value + "' is not a label value", VALUE_RULE));
        }
        return violations;
    }

    static boolean isKey(String key) {
        int slash = key.indexOf('/');
        String prefix = slash < 0 ? "" : key.substring(0, slash);
        return NAME.matcher(key.substring(slash + 1)).matches()
                && (slash < 0
                        || (prefix.length() <= 253 && SUBDOMAIN.matcher(prefix).matches()));
    }

    static boolean isValue(String value) {
        return value.isEmpty() || NAME.matcher(value).matches();
    }

    static boolean isOurs(String key) {
        return key.equals(Labels.SWARM) || key.equals(Labels.CLUSTER);
    }
}
