package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;

/**
 * Shapes that older releases of OpenShift do not have, and that the service then refuses (assisted-service, internal/common/common.go). A
 * warning: the release image's tag may say another version than the release itself.
 */
public final class ReleaseCheck {
    private ReleaseCheck() {}

    /** @param openshiftVersion major.minor; nothing is said of one that is not */
    public static void check(SwarmPlan plan, String openshiftVersion, Problems problems) {
        String[] parts = openshiftVersion.split("\\.", -1);
        if (parts.length < 2 || !Scalars.isWhole(parts[0]) || !Scalars.isWhole(parts[1])) {
            return;
        }
        int minor = parts[0].equals("4") ? Integer.parseInt(parts[1]) : Integer.MAX_VALUE;
        for (int i = 0; i < plan.clusters().size(); i++) {
            ClusterGroup group = plan.clusters().get(i);
            String path = "spec.clusters[" + i + "]";
            if (group.traits().arbiters() > 0 && minor < 19) {
                warn(problems, path + ".arbiterAgents", "4.19", openshiftVersion);
            } else if (!group.infraEnvOnly() && group.controlPlanes() > 3 && minor < 18) {
                warn(problems, path + ".controlPlanes", "4.18", openshiftVersion);
            }
        }
    }

    private static void warn(Problems problems, String path, String since, String openshiftVersion) {
        problems.warnAt(
                path,
                "needs OpenShift " + since + ", but the release image is of " + openshiftVersion,
                "the service refuses such a cluster; use another releaseImage");
    }
}
