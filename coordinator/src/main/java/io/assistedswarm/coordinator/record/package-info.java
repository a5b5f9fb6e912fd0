/** The coordinator's memory: an embedded database file that holds every transition, and from which reports are computed. */
package io.assistedswarm.coordinator.record;
