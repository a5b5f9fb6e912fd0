/** How the real binaries are run on this machine: what they find there in the place of the machine itself. */
package io.assistedswarm.worker.runtime;
