/** Which worker gets which cluster. */
package io.assistedswarm.coordinator.placement;
