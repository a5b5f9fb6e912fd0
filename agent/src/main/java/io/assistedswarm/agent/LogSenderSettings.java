package io.assistedswarm.agent;

import java.util.List;
import java.util.Map;

/** The log sender's flags (reference, section 2.1). */
public record LogSenderSettings(ServiceAddress service, String cluster, HostAddress host, Token token) {

    /** @throws UsageException with exit code 2 for a wrong or missing flag */
    public static LogSenderSettings of(List<String> arguments, Map<String, String> environment) throws UsageException {
        Flags flags = new Flags("logs_sender")
                .texts(
                        "cluster-id",
                        "host-id",
                        "url",
                        "infra-env-id",
                        "pull-secret-token",
                        "cacert",
                        "masters-ips",
                        "since")
                .texts("force-id", "force-mac", "force-hostname", "forced-ipv4", "fake-reboot-marker-path")
                .switches("bootstrap", "with-installer-gather-logging", "insecure", "dont-clean", "dry-run")
                .parse(arguments);
        for (String required : List.of("cluster-id", "host-id", "url")) {
            if (flags.text(required, "").isEmpty()) {
                throw new UsageException(2, "Must provide --" + required);
            }
        }
        String cluster = flags.text("cluster-id", "");
        return new LogSenderSettings(
                ServiceAddress.of(flags.text("url", ""), flags.isOn("insecure", false), flags.text("cacert", "")),
                cluster,
                new HostAddress(flags.text("infra-env-id", cluster), flags.text("host-id", "")),
                new Token(flags.text("pull-secret-token", environment.getOrDefault("PULL_SECRET_TOKEN", ""))));
    }
}
