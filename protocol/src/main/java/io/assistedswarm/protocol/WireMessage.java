package io.assistedswarm.protocol;

/** Marks what crosses the wire between coordinator and workers; bound to CBOR in reference.conf. */
public interface WireMessage {}
