package io.assistedswarm.agent;

import java.util.Map;

/** The switch that makes the real programs harmless; a stand-in insists on it, so that a launcher cannot forget it. */
final class DryMode {
    static final String VARIABLE = "DRY_ENABLE";

    private DryMode() {}

    static boolean isOn(Map<String, String> environment) {
        return Boolean.TRUE.equals(Flags.truth(environment.getOrDefault(VARIABLE, "false")));
    }

    /** @throws UsageException if dry mode is off */
    static void require(boolean on, String program) throws UsageException {
        if (!on) {
            throw new UsageException(
                    1, "The real " + program + " would act on this machine: a stand-in needs " + VARIABLE + "=true");
        }
    }
}
