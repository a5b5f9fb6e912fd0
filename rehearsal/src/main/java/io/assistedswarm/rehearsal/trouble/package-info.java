/** What goes wrong with a hub, by plan: the same for its Kubernetes API and its assisted-service. Knows neither of them. */
package io.assistedswarm.rehearsal.trouble;
