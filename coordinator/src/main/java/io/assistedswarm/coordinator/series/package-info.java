/** Metrics of the hub over a run: asked of a Prometheus at its end, or read from the service's own page meanwhile. */
package io.assistedswarm.coordinator.series;
