/** The coordinator: plan, admission, placement, record and report. */
package io.assistedswarm.coordinator;
