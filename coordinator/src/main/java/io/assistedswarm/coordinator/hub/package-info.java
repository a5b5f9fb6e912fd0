/** The hub as the coordinator uses it: watches, the swarm's own objects, deletion. */
package io.assistedswarm.coordinator.hub;
