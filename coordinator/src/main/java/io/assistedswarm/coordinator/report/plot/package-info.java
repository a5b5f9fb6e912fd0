/** Plots of a run: what they show, and how they are drawn. */
package io.assistedswarm.coordinator.report.plot;
