package io.assistedswarm.agent;

import java.util.Map;

/**
 * Who a request is from: sent with each one, so that the rehearsal hub can prove that no two processes act for one host. Agent and
 * installer of a host are one instance; an agent that is started again is another.
 *
 * @param actsFor id of the host, of a controller that of its cluster
 * @param header value of {@code X-Swarm-Speaker}; null where no worker is known, as for a stand-in that was started by hand
 */
public record Speaker(String actsFor, String instance, String header) {
    public static final String HEADER = "X-Swarm-Speaker";
    public static final String WORKER_VARIABLE = "SWARM_WORKER";
    public static final String GENERATION_VARIABLE = "SWARM_GENERATION";

    /** Set for the children of a stand-in. */
    public static final String INSTANCE_VARIABLE = "REHEARSAL_INSTANCE";

    public static Speaker of(String actsFor, Map<String, String> environment) {
        String worker = environment.get(WORKER_VARIABLE);
        String instance = environment.get(INSTANCE_VARIABLE);
        if (instance == null) {
            instance = RequestId.next();
        }
        if (worker == null) {
            return new Speaker(actsFor, instance, null);
        }
        String generation = environment.getOrDefault(GENERATION_VARIABLE, "0");
        return new Speaker(
                actsFor,
                instance,
                "worker=" + worker + "; generation=" + generation + "; instance=" + instance + "; for=" + actsFor);
    }
}
