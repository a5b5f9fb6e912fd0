package io.assistedswarm.protocol;

import java.util.Locale;

/** A host's role in its cluster, as in the annotation {@code bmac.agent-install.openshift.io/role}. */
public enum Role {
    MASTER,
    ARBITER,
    WORKER;

    /** As the service spells it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
