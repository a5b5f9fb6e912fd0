package io.assistedswarm.rehearsal.service.model;

import java.util.Arrays;
import java.util.Optional;

/** What a host is to become. The bootstrap is a master with a mark, not a role. */
public enum HostRole {
    AUTO_ASSIGN,
    MASTER,
    ARBITER,
    WORKER;

    private final String wireName = WireNames.ofConstant(this);

    public String wireName() {
        return wireName;
    }

    public static Optional<HostRole> parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.wireName.equals(text))
                .findFirst();
    }
}
