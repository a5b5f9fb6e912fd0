/** Hosts and controllers that are played within the worker: no process, no thread of the system, no file for each. */
package io.assistedswarm.worker.runtime.hollow;
