/** How values are written for people: tables and ages. */
package io.assistedswarm.coordinator.text;
