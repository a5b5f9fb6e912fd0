/** What crosses the wire between coordinator and workers, and what both mean by it. No behaviour beyond naming. */
package io.assistedswarm.protocol;
