/** From the files that a user writes to a valid plan, service, runtime and manifests; knows every line of them, and no network. */
package io.assistedswarm.coordinator.plan;
