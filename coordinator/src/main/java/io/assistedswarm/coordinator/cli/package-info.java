/** The command line: reads files where the user is, talks to the coordinator over HTTP, and knows nothing of actors. */
package io.assistedswarm.coordinator.cli;
