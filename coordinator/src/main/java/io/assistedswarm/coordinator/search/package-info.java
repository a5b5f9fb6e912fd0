/** The highest load that a service still bears: which one to try next, and what came of them. */
package io.assistedswarm.coordinator.search;
