package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.model.ObjectKey;
import java.time.Duration;
import java.util.Optional;

/** Brings one object and the service's row behind it together. Level-triggered: it may be called at any time. */
interface Reconciler {
    /** @return when to look again even if nothing happens; empty to wait for a change */
    Optional<Duration> reconcile(ObjectKey key);
}
