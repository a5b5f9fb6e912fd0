/**
 * The agent with its next-step runner, the installer, the log sender and the controller as they behave in dry-run mode, written once:
 * the rehearsal runs them as processes ({@code rehearsal.standin}), a worker of hollow hosts within itself ({@code worker.runtime.hollow}).
 * Few classes are touched before the first request: no logging framework, no object mapper, no string formats.
 */
package io.assistedswarm.agent;
