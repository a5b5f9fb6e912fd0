/** Looks at hub, service and workers before a swarm starts. Surveys gather facts at the edge; checks decide on them and are pure. */
package io.assistedswarm.coordinator.preflight;
