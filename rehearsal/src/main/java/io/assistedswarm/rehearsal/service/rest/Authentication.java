package io.assistedswarm.rehearsal.service.rest;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.auth.LocalTokens;
import io.assistedswarm.rehearsal.service.auth.NoCredentials;
import io.assistedswarm.rehearsal.service.auth.SchemeTokens;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Decides whether a call may be made, and in whose name: the one place where a request is authenticated. */
final class Authentication {
    /** Of whoever calls a service that has one user only. */
    static final String ADMIN = "admin";

    /** Of the framework, when no credentials of the right sort came. */
    private static final String NO_CREDENTIALS = "unauthenticated for invalid credentials";

    /** For so long the real service remembers that an infra-env exists, which a token is for. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** How one {@code AUTH_TYPE} judges what a caller brings. */
    interface Judge {
        /** The name of the user. */
        String judge(Call call, Access access, Scheme scheme, String credential) throws Denied;

        /** Nobody is asked who he is. */
        default boolean open(Access access) {
            return false;
        }
    }

    private final Optional<Judge> judge;

    private Authentication(Optional<Judge> judge) {
        this.judge = judge;
    }

    static Authentication of(ServiceSettings settings, Registry registry, Clock clock) {
        return new Authentication(
                switch (settings.credentials()) {
                    // Whatever a caller sends is accepted.
                    case NoCredentials none -> Optional.empty();
                    case LocalTokens tokens ->
                        Optional.of(new LocalJudge(
                                tokens, registry, clock, settings.scale().of(REMEMBERED)));
                    case SsoTokens tokens -> Optional.of(new SsoJudge(tokens, registry));
                    case SchemeTokens tokens -> Optional.of(new SchemeJudge(tokens));
                });
    }

    /** The call in the name of its user. */
    Call admit(Call call, Access access) throws Denied {
        if (judge.isEmpty() || access == Access.PUBLIC || judge.get().open(access)) {
            return call.by(ADMIN);
        }
        Denied last = Denied.unauthenticated(NO_CREDENTIALS);
        for (Scheme scheme : access.schemes()) {
            Optional<String> credential = scheme.credential(call);
            if (credential.isPresent()) {
                try {
                    return call.by(judge.get().judge(call, access, scheme, credential.get()));
                } catch (Denied denied) {
                    if (denied.known()) {
                        throw denied;
                    }
                    last = denied;
                }
            }
        }
        throw last;
    }
}
