package io.assistedswarm.agent;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The agent's flags and variables (reference, section 2.1). The journal and the log files of the real agent are accepted and not
 * written.
 *
 * @param ipv4 in CIDR form
 * @param obeysExit registers anew when the service says {@code post_step_action: exit}, which the real dry-run runner forgets
 * @param namesResolveTo address of the cluster's names, for user-managed networking; empty if none resolves
 */
public record AgentSettings(
        ServiceAddress service,
        String infraEnv,
        String agentVersion,
        Duration interval,
        boolean stdoutLogging,
        String host,
        String mac,
        String hostname,
        String ipv4,
        Hardware hardware,
        Marker marker,
        boolean obeysExit,
        String namesResolveTo,
        Token token) {
    public static final String OBEYS_EXIT = "REHEARSAL_OBEYS_EXIT";
    public static final String NAMES_RESOLVE_TO = "REHEARSAL_NAMES_RESOLVE_TO";

    /** @throws UsageException with exit code 2 for a wrong flag, 1 for a missing one */
    public static AgentSettings of(List<String> arguments, Map<String, String> environment) throws UsageException {
        Flags flags = new Flags("agent")
                .texts("url", "infra-env-id", "agent-version", "cacert", "host-id")
                .texts("force-id", "force-mac", "force-hostname", "forced-ipv4", "fake-reboot-marker-path")
                .numbers("interval")
                .switches("insecure", "dry-run", "with-journal-logging", "with-text-logging", "with-stdout-logging")
                .parse(arguments);
        String url = required(flags, "url");
        String infraEnv = required(flags, "infra-env-id");
        DryMode.require(flags.isOn("dry-run", DryMode.isOn(environment)), "agent");
        String marker =
                flags.text("fake-reboot-marker-path", environment.getOrDefault("DRY_FAKE_REBOOT_MARKER_PATH", ""));
        return new AgentSettings(
                ServiceAddress.of(url, flags.isOn("insecure", false), flags.text("cacert", "")),
                infraEnv,
                flags.text("agent-version", ""),
                Duration.ofSeconds(flags.number("interval", 60)),
                flags.isOn("with-stdout-logging", false),
                forced(flags, "force-id", environment, "DRY_HOST_ID"),
                forced(flags, "force-mac", environment, "DRY_FORCED_MAC_ADDRESS"),
                forced(flags, "force-hostname", environment, "DRY_FORCED_HOSTNAME"),
                forced(flags, "forced-ipv4", environment, "DRY_FORCED_HOST_IPV4"),
                Hardware.STANDARD,
                Marker.ofFile(marker),
                environment.getOrDefault(OBEYS_EXIT, "false").equals("true"),
                environment.getOrDefault(NAMES_RESOLVE_TO, ""),
                new Token(environment.getOrDefault("PULL_SECRET_TOKEN", "")));
    }

    private static String required(Flags flags, String name) throws UsageException {
        String value = flags.text(name, "");
        if (value.isEmpty()) {
            throw new UsageException(1, "Must provide --" + name);
        }
        return value;
    }

    private static String forced(Flags flags, String flag, Map<String, String> environment, String variable)
            throws UsageException {
        String value = flags.text(flag, environment.getOrDefault(variable, ""));
        if (value.isEmpty()) {
            throw new UsageException(
                    1, "A stand-in has no hardware of its own to report: set " + variable + " or --" + flag);
        }
        return value;
    }
}
