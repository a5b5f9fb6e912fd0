/**
 * Stand-ins for the real agent, installer, log sender and controller in their dry-run mode: each is a process of its own with a
 * tiny heap. Few classes are touched before the first request: no logging framework, no object mapper, no string formats.
 */
package io.assistedswarm.rehearsal.standin;
