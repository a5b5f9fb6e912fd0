/** The hub by way of the service's own REST API: polls, deletion, what is left; of clusters that are driven without any Kubernetes. */
package io.assistedswarm.coordinator.hub.rest;
