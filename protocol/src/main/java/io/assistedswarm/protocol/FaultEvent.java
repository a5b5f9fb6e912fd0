package io.assistedswarm.protocol;

/** What happens around a fault, each at most once in a host's generation. */
public enum FaultEvent {
    /** It has been done. */
    INJECTED,
    /** It could not be done: the host had gone on before. */
    MISSED,
    /** The service holds it against the host; the detail is the Agent's state. */
    ANSWERED,
    /** The host behaves again. */
    OVER;

    /** As shown to a user. */
    public String label() {
        return switch (this) {
            case INJECTED -> "fault injected";
            case MISSED -> "fault not injected";
            case ANSWERED -> "fault answered by the service";
            case OVER -> "fault over";
        };
    }
}
