package io.assistedswarm.agent;

/** The long lines of the installer's output, which travel to the service in the reply to the install step. */
final class InstallerTexts {
    private InstallerTexts() {}

    static String configuration(InstallerSettings settings) {
        StringBuilder text = new StringBuilder(2048).append("struct Config {\n\tDryRunConfig: ");
        text.append(dryConfiguration(settings));
        add(text, "Role", settings.role());
        add(text, "ClusterID", settings.cluster());
        add(text, "InfraEnvID", settings.host().infraEnv());
        add(text, "HostID", settings.host().host());
        add(text, "Device", settings.bootDevice());
        add(text, "URL", settings.service().url().toString());
        add(text, "OpenshiftVersion", settings.openshiftVersion());
        add(text, "MCOImage", settings.mcoImage());
        add(text, "ControllerImage", settings.controllerImage());
        add(text, "AgentImage", settings.agentImage());
        text.append("\n\tPullSecretToken: <SECRET>,");
        add(text, "SkipCertVerification", Boolean.toString(settings.service().insecure()));
        add(text, "CACertPath", settings.service().caFile());
        add(text, "InstallerArgs", settings.coreosArguments().toString());
        add(text, "ControlPlaneCount", Integer.toString(settings.controlPlaneCount()));
        add(text, "CheckClusterVersion", Boolean.toString(settings.checkClusterVersion()));
        add(text, "MustGatherImage", settings.mustGatherImage());
        add(text, "EnableSkipMcoReboot", Boolean.toString(settings.skipMcoReboot()));
        return text.append("\n}").toString();
    }

    static String dryConfiguration(InstallerSettings settings) {
        StringBuilder text = new StringBuilder(512).append("struct DryRunConfig {\n\tDryRunEnabled: true,");
        add(text, "FakeRebootMarkerPath", settings.marker().toString());
        add(text, "ParsedClusterHosts", settings.clusterHosts().size() + " hosts");
        return text.append("\n}").toString();
    }

    static String ignitionFile(InstallerSettings settings) {
        String role = settings.isBootstrap() ? "master" : settings.role();
        return role + "-" + settings.host().host() + ".ign";
    }

    static String imageArguments(InstallerSettings settings) {
        String ignition =
                settings.isSingleNode() ? "/opt/openshift/master.ign" : "/opt/install-dir/" + ignitionFile(settings);
        StringBuilder arguments = new StringBuilder("[install --insecure -i ").append(ignition);
        for (String argument : settings.coreosArguments()) {
            arguments.append(' ').append(argument);
        }
        return arguments.append(' ').append(settings.bootDevice()).append(']').toString();
    }

    private static void add(StringBuilder text, String name, String value) {
        text.append("\n\t").append(name).append(": \"").append(value).append("\",");
    }
}
