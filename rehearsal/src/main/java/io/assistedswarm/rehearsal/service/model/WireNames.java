package io.assistedswarm.rehearsal.service.model;

import java.util.Locale;

/** Enum constants as the service spells them. */
final class WireNames {
    private WireNames() {}

    static String ofConstant(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
