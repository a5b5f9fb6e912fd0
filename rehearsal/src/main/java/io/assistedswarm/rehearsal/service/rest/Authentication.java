package io.assistedswarm.rehearsal.service.rest;

import java.util.Optional;

/** Decides whether a call may be made: the one place where a request is authenticated. */
interface Authentication {
    /** {@code AUTH_TYPE=none}: whatever a caller sends is accepted. */
    Authentication NONE = (call, access) -> Optional.empty();

    /** The answer that refuses the call, or empty to let it through. */
    Optional<Answer> refuse(Call call, Access access);
}
