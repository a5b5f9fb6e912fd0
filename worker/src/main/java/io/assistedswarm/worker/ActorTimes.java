package io.assistedswarm.worker;

import java.time.Duration;

/**
 * The times by which cluster and host actors live, but for the deadlines, which are the swarm's.
 *
 * @param retry of calls to the hub and of downloads
 * @param restart of a process that ended by itself
 * @param heartbeat how often a host tells its cluster again where it stands
 * @param unstarted after which an actor that nobody has started goes away
 */
public record ActorTimes(Backoff retry, Backoff restart, Duration heartbeat, Duration unstarted) {}
