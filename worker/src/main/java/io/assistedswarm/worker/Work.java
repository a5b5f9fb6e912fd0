package io.assistedswarm.worker;

import java.util.Optional;

/**
 * The one thing that an actor has in hand: under way, or waiting to be tried again. Answers name the number of the work they
 * belong to, so that those to abandoned work are recognised.
 *
 * @param <A> kind of action
 */
public final class Work<A> {
    private Optional<A> action = Optional.empty();
    private long number;
    private int attempts;
    private boolean waiting;
    private Optional<Runnable> cancel = Optional.empty();

    public Optional<A> action() {
        return action;
    }

    /** Takes an action in hand; its first attempt begins. */
    public long begin(A next) {
        action = Optional.of(next);
        attempts = 0;
        waiting = false;
        cancel = Optional.empty();
        number++;
        return number;
    }

    /** What ends the current attempt; without it an attempt is always waited for. */
    public void cancelBy(Runnable how) {
        cancel = Optional.of(how);
    }

    public boolean isCurrent(long answered) {
        return action.isPresent() && number == answered;
    }

    /** The attempt failed and will be made again. */
    public int failed() {
        attempts++;
        waiting = true;
        cancel = Optional.empty();
        return attempts;
    }

    /** The wait is over; a new attempt begins. */
    public void again() {
        waiting = false;
    }

    public void done() {
        action = Optional.empty();
        cancel = Optional.empty();
        waiting = false;
    }

    /** Lets go of the work if it can be: a wait or a cancellable attempt. An attempt that cannot be cancelled goes on. */
    public boolean abandon() {
        if (action.isEmpty()) {
            return true;
        }
        if (!waiting && cancel.isEmpty()) {
            return false;
        }
        cancel.ifPresent(Runnable::run);
        done();
        number++;
        return true;
    }

    /** Lets go of the work in any case; a late answer is no longer current. */
    public void drop() {
        cancel.ifPresent(Runnable::run);
        done();
        number++;
    }
}
