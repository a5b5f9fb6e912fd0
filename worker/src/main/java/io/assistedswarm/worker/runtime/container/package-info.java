/** Runtimes of which containers are a part: the service's images by podman, and the original's combined agent. */
package io.assistedswarm.worker.runtime.container;
