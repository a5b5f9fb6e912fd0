package io.assistedswarm.rehearsal.service.rest;

import io.assistedswarm.rehearsal.service.auth.InvalidToken;
import io.assistedswarm.rehearsal.service.auth.SchemeTokens;

/**
 * {@code AUTH_TYPE=agent-installer-local} (assisted-service, pkg/auth/agent_local_authenticator.go and agent_local_authz_handler.go):
 * three tokens that say what they are for.
 */
final class SchemeJudge implements Authentication.Judge {
    private final SchemeTokens tokens;

    SchemeJudge(SchemeTokens tokens) {
        this.tokens = tokens;
    }

    /** There is no image service beside the real one; so that hosts have something to boot from, there is one here. */
    @Override
    public boolean open(Access access) {
        return access == Access.IMAGE;
    }

    @Override
    public String judge(Call call, Access access, Scheme scheme, String credential) throws Denied {
        SchemeTokens.Role wanted = switch (scheme) {
            case USER -> SchemeTokens.Role.USER;
            case AGENT -> SchemeTokens.Role.AGENT;
            case WATCHER -> SchemeTokens.Role.WATCHER;
            case URL -> throw Denied.unauthenticated("URL Authentication not allowed for agent local auth");
            case IMAGE, IMAGE_URL ->
                throw Denied.unauthenticated("Image Authentication not allowed for agent local auth");
        };
        try {
            String claimed = tokens.authScheme(credential);
            if (!claimed.equals(wanted.claim())) {
                throw Denied.forbidden("authClaim %s is unauthorized to access".formatted(claimed));
            }
        } catch (InvalidToken e) {
            throw Denied.unauthenticated(e.getMessage());
        }
        return Authentication.ADMIN;
    }
}
