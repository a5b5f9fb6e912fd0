package io.assistedswarm.rehearsal.service.rest;

/** Who may make a call; the names are those of the service's security schemes. */
enum Access {
    AGENT,
    USER,
    /** Agents, users and holders of a URL that carries its own credentials. */
    ANYONE_KNOWN,
    /** As those, but what they may read is named by the query. */
    EVENTS,
    PUBLIC
}
