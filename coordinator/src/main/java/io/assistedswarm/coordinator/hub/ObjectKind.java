package io.assistedswarm.coordinator.hub;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * A kind of objects as the hub's discovery names it.
 *
 * @param group empty for the core group
 */
record ObjectKind(String group, String version, String kind, String plural, boolean namespaced) {
    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }

    /** As kubectl takes it. */
    String kubectlName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    boolean isSameResource(ObjectKind other) {
        return group.equals(other.group) && plural.equals(other.plural);
    }
}
