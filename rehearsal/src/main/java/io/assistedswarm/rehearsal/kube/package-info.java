/**
 * The rehearsal hub's Kubernetes API: a small in-memory API server that is as strict as the real one about the kinds it knows.
 *
 * <p>Read from the outside in: {@code KubeApiServer} (HTTP), {@code ResourceEndpoint} (verbs), {@code Registry} (what a write means),
 * {@code Shelf} (objects, history and watchers of one kind).
 */
package io.assistedswarm.rehearsal.kube;
