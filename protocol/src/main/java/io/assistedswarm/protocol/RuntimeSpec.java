package io.assistedswarm.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** How agents and controllers are run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes(@JsonSubTypes.Type(value = RuntimeSpec.Exec.class, name = "exec"))
public sealed interface RuntimeSpec {
    /** Name in plans and reports. */
    String name();

    /**
     * One operating-system process per agent and per controller. The texts are Mustache templates; the guide lists their variables.
     *
     * @param agentEnvironment the whole environment but what the worker adds: nothing is inherited except {@code PATH} and {@code HOME}
     */
    record Exec(
            List<String> agentCommand,
            Map<String, String> agentEnvironment,
            List<String> controllerCommand,
            Map<String, String> controllerEnvironment)
            implements RuntimeSpec {
        public Exec {
            agentCommand = List.copyOf(agentCommand);
            agentEnvironment = Map.copyOf(agentEnvironment);
            controllerCommand = List.copyOf(controllerCommand);
            controllerEnvironment = Map.copyOf(controllerEnvironment);
        }

        @Override
        public String name() {
            return "exec";
        }
    }
}
