/** Stand-ins for the real agent, installer, log sender and controller in their dry-run mode: each is a process with a tiny heap. */
package io.assistedswarm.rehearsal.standin;
