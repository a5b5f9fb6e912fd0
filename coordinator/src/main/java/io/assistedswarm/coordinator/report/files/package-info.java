/** The files of a report. */
package io.assistedswarm.coordinator.report.files;
