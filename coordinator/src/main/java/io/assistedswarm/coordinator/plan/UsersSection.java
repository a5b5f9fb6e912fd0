package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code spec.users} of a service config, and the secrets that it names. */
final class UsersSection {
    static final String USERS = "users";
    static final String PULL_SECRET = "pullSecretFile";
    static final String OFFLINE_TOKEN = "offlineTokenFile";
    private static final String NAME = "name";
    private static final String WEIGHT = "weight";
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

    private final Path config;
    private final AuthMode mode;
    private final Set<String> taken = new HashSet<>();

    private UsersSection(Path config, AuthMode mode) {
        this.config = config;
        this.mode = mode;
    }

    /**
     * None where the service config has but one user.
     *
     * @param config to which the files' paths are relative
     * @param mode by which the service knows users
     */
    static List<ServiceUser> read(Path config, Section spec, AuthMode mode) {
        UsersSection section = new UsersSection(config, mode);
        List<ServiceUser> users = spec.<ServiceUser>sections(USERS, (user, index) -> section.user(user))
                .orElse(List.of());
        if (!spec.has(USERS)) {
            return users;
        }
        if (spec.has(PULL_SECRET)) {
            spec.error(PULL_SECRET, "does not go with 'users', who bring a pull secret each", "leave one of them out");
        }
        if (mode == AuthMode.AGENT_INSTALLER_LOCAL) {
            spec.error(USERS, "does not go with auth type agent-installer-local, which knows one user", "leave it out");
        }
        if (users.isEmpty()) {
            spec.error(USERS, "names nobody", "write '- {name: …, weight: …, pullSecretFile: …}' lines under it");
        }
        if (users.size() > ServiceUser.MOST_USERS) {
            spec.error(USERS, "has " + users.size() + " users", "there may be " + ServiceUser.MOST_USERS);
        }
        return users;
    }

    private ServiceUser user(Section user) {
        ServiceUser read = new ServiceUser(name(user), weight(user), pullSecret(user), offlineToken(user));
        user.close();
        return read;
    }

    private String name(Section user) {
        String name = user.require(NAME).anyText(NAME).orElse("");
        if (!name.isEmpty() && !NAMES.matcher(name).matches()) {
            user.error(NAME, "'" + name + "' is no name", "letters, digits and '._@-', at most 63");
        } else if (!name.isEmpty() && !taken.add(name)) {
            user.error(NAME, "'" + name + "' is another user's, too", "give each user a name of his own");
        }
        return name;
    }

    private static int weight(Section user) {
        int weight = user.require(WEIGHT).integer(WEIGHT).orElse(1);
        if (weight < 1 || weight > ServiceUser.HEAVIEST) {
            user.error(
                    WEIGHT,
                    "is " + weight + ", which is no share of the clusters",
                    "a whole number from 1 to " + ServiceUser.HEAVIEST + "; leave out who is to have none");
        }
        return weight;
    }

    private Secret pullSecret(Section user) {
        Secret secret = PullSecret.named(user, PULL_SECRET, config, false);
        if (mode == AuthMode.RHSSO
                && !secret.reveal().isEmpty()
                && ServiceSpec.cloudToken(secret).isEmpty()) {
            AuthSection.noCloudToken(user);
        }
        return secret;
    }

    private Secret offlineToken(Section user) {
        if (mode == AuthMode.RHSSO) {
            return AuthSection.token(config, user, OFFLINE_TOKEN, true);
        }
        user.ignore(OFFLINE_TOKEN);
        if (user.has(OFFLINE_TOKEN)) {
            user.error(OFFLINE_TOKEN, "goes with auth type rhsso only", "write 'auth: {type: rhsso}', or leave it out");
        }
        return new Secret("");
    }
}
