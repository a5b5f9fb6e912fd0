package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.ServiceFacts.OfUser;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceChecksTest {
    private static final String VERSIONS = "{\"versions\":{\"discovery-agent\":\"quay.io/agent:1\"}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // GET /health, /ready, component-versions
                "200 | 200 | 200 | OK      | http://svc is healthy and ready",
                "200 | 200 | 401 | OK      | http://svc is healthy and ready",
                "404 | 200 | 200 | OK      | http://svc is healthy and ready",
                "200 | 503 | 200 | WARNING | http://svc answers GET /ready with 503",
                "200 | 200 | 404 | FAILURE | http://svc answers GET component-versions with 404",
                "200 | 200 | 500 | FAILURE | http://svc answers GET component-versions with 500",
                "0   | 0   | 0   | FAILURE | http://svc cannot be reached: nobody listens there",
            })
    void saysHowTheServiceAnswers(int health, int ready, int versions, Outcome outcome, String found) {
        ServiceFacts facts =
                new ServiceFacts("", answer(health), answer(ready), answer(versions), answer(200), Optional.empty());

        Finding finding = ServiceChecks.reached(service(""), facts);

        assertThat(finding.outcome()).isEqualTo(outcome);
        assertThat(finding.found()).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // component-versions, AUTH_TYPE as read on the hub, agentImage in the service config
                "200 | -     | -  | OK      | none",
                "200 | none  | -  | OK      | none",
                "401 | local | a  | OK      | local",
                "401 | local | -  | FAILURE | does not tell which agent it expects",
                "401 | -     | a  | WARNING | AUTH_TYPE is local or rhsso",
                "401 | -     | -  | FAILURE | AUTH_TYPE is local or rhsso",
                "403 | rhsso | a  | FAILURE | AUTH_TYPE=rhsso",
                "401 | agent-installer-local | a | FAILURE | AUTH_TYPE=agent-installer-local",
            })
    void knowsTheAuthenticationMode(int status, String type, String agentImage, Outcome outcome, String found) {
        ServiceInstallation installation =
                new ServiceInstallation("a/b", type == null ? Map.of() : Map.of(Setting.AUTH_TYPE, type), "");

        ServiceFacts facts =
                new ServiceFacts("", answer(200), answer(200), answer(status), answer(status), Optional.empty());
        Finding finding = AuthenticationCheck.of(service(agentImage == null ? "" : agentImage), facts, installation);

        assertThat(finding.outcome()).isEqualTo(outcome);
        assertThat(finding.found()).contains(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // auth of the service config, what the service says to an Authorization that is none, the statuses for
                // user and agents
                "RHSSO | Authorization header format must be Bearer {token} | 200 | 404 | OK | accepts the user of the service config, and the agents",
                "RHSSO | Authorization header format must be Bearer {token} | 401 | 404 | FAILURE | does not accept the user",
                "RHSSO | Authorization header format must be Bearer {token} | 200 | 401 | FAILURE | but not the agents' token: 401",
                "RHSSO | User Authentication not allowed for local auth | 200 | 404 | FAILURE | the service has AUTH_TYPE=local",
                "AGENT_INSTALLER_LOCAL | Failed to parse token: token contains an invalid number of segments | 200 | 404 | OK | accepts the user",
                "AGENT_INSTALLER_LOCAL | Failed to parse token: x | 200 | 403 | FAILURE | but not the agents' token: 403",
                "UNSAID | Authorization header format must be Bearer {token} | 200 | 404 | FAILURE | AUTH_TYPE=rhsso, and the service config does not say",
                "UNSAID | User Authentication not allowed for local auth | 401 | 401 | OK | local: agents get their token",
                "LOCAL | Failed to parse token: x | 401 | 401 | FAILURE | the service config auth local",
            })
    void recognisesTheModeByTheServicesWords(
            AuthMode said, String words, int asUser, int asAgent, Outcome outcome, String found) {
        Answer nobody = Answer.of(401, "{\"code\":401,\"message\":\"" + words + "\"}", Optional.empty());
        ServiceFacts facts = new ServiceFacts(
                "",
                answer(200),
                answer(200),
                answer(401),
                answer(401),
                Optional.empty(),
                nobody,
                List.of(new OfUser("", answer(asUser), answer(asAgent))));

        Finding finding = AuthenticationCheck.of(
                service("agent").withAuth(AuthSpec.of(said)), facts, new ServiceInstallation("", Map.of(), ""));

        assertThat(finding.outcome()).isEqualTo(outcome);
        assertThat(finding.found()).contains(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // component-versions, AUTH_TYPE as read on the hub, what the service says to an Authorization that is
                // none, auth of the
                // service config
                "401 | rhsso | -                                                   | UNSAID | true",
                "401 | -     | Authorization header format must be Bearer {token}  | UNSAID | true",
                "401 | -     | -                                                   | RHSSO  | true",
                "403 | -     | -                                                   | RHSSO  | true",
                "401 | local | -                                                   | RHSSO  | false",
                "401 | -     | User Authentication not allowed for local auth      | UNSAID | false",
                "401 | -     | -                                                   | UNSAID | false",
                "200 | -     | -                                                   | RHSSO  | false",
                "0   | -     | -                                                   | RHSSO  | false",
            })
    void nobodysPullSecretIsAcceptedByCustomResourcesWhereUsersSignOn(
            int status, String type, String words, AuthMode said, boolean refused) {
        ServiceFacts facts = new ServiceFacts(
                "",
                answer(200),
                answer(200),
                answer(status),
                answer(status),
                Optional.empty(),
                Answer.of(401, "{\"code\":401,\"message\":\"" + words + "\"}", Optional.empty()),
                List.of());
        Optional<Finding> finding = AuthenticationCheck.customResources(
                service("agent").withAuth(AuthSpec.of(said)),
                facts,
                new ServiceInstallation("a/b", type == null ? Map.of() : Map.of(Setting.AUTH_TYPE, type), ""));

        assertThat(finding.isPresent()).isEqualTo(refused);
        assertThat(finding.stream()).allSatisfy(why -> {
            assertThat(why.outcome()).isEqualTo(Outcome.FAILURE);
            assertThat(why.text()).contains("accepts no pull secret by custom resources", "api: rest");
        });
    }

    /** What becomes of alice is well; of bob and his agents it is told here. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | 404 | OK      | rhsso: it accepts all 2 users of the service config, and their agents' tokens",
                "401 | 404 | FAILURE | rhsso: it does not accept bob (401) of all 2 users of the service config",
                "200 | 403 | FAILURE | rhsso: it does not accept the agents' token of bob (403) of all 2 users of the service config",
                "0   | 404 | FAILURE | rhsso: it does not accept bob (nobody listens there) of all 2 users of the service config",
            })
    void asksEveryUser(int asUser, int asAgent, Outcome outcome, String found) {
        ServiceFacts facts = ofUsers(new OfUser("bob", answer(asUser), answer(asAgent)));

        Finding finding = AuthenticationCheck.of(
                service("agent").withAuth(AuthSpec.of(AuthMode.RHSSO)),
                facts,
                new ServiceInstallation("", Map.of(), ""));

        assertThat(finding.outcome()).isEqualTo(outcome);
        assertThat(finding.found()).isEqualTo(found);
        assertThat(ServiceChecks.users(facts).orElseThrow().outcome())
                .isEqualTo(asUser == 200 ? Outcome.OK : Outcome.FAILURE);
    }

    @Test
    void namesFiveOfManyUsers() {
        OfUser[] wrong = IntStream.range(0, 7)
                .mapToObj(i -> new OfUser("u" + i, answer(401), answer(404)))
                .toArray(OfUser[]::new);
        assertThat(AuthenticationCheck.of(
                                service("agent").withAuth(AuthSpec.of(AuthMode.RHSSO)),
                                ofUsers(wrong),
                                new ServiceInstallation("", Map.of(), ""))
                        .found())
                .contains("u0 (401), u1 (401), u2 (401), u3 (401), u4 (401) and 2 more of all 8 users");
    }

    private static ServiceFacts ofUsers(OfUser... others) {
        Answer nobody = Answer.of(
                401, "{\"message\":\"Authorization header format must be Bearer {token}\"}", Optional.empty());
        return new ServiceFacts(
                "",
                answer(200),
                answer(200),
                answer(401),
                answer(401),
                Optional.empty(),
                nobody,
                Stream.concat(Stream.of(new OfUser("alice", answer(200), answer(404))), Stream.of(others))
                        .toList());
    }

    @Test
    void looksIntoEveryUsersPullSecret() {
        Secret with = new Secret("{\"auths\":{\"quay.io\":{}}}");
        ServiceSpec service = service("agent")
                .sharedBy(List.of(
                        new ServiceUser("alice", 1, with, new Secret("")),
                        new ServiceUser("bob", 1, new Secret("{\"auths\":{}}"), new Secret(""))));

        Finding finding = ServiceChecks.release(
                service, Answer.of(200, "{}", Optional.empty()), new ServiceInstallation("a/b", Map.of(), ""));

        assertThat(finding.outcome()).isEqualTo(Outcome.WARNING);
        assertThat(finding.found()).contains("the pull secret of user bob has no credentials for quay.io");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // openshift-versions, PUBLIC_CONTAINER_REGISTRIES, registries of the pull secret
                "{^4.18^: {}}    | -                | {}              | OK",
                "{^4.18.52^: {}} | -                | {}              | OK",
                "{^4.1^: {}}     | -                | {}              | WARNING",
                "{}              | quay.io          | {}              | OK",
                "{}              | docker.io, quay.io | {}            | OK",
                "{}              | docker.io        | {}              | WARNING",
                "{}              | -                | {^quay.io^: {}} | OK",
                "{}              | -                | {^other^: {}}   | WARNING",
            })
    void knowsWhetherTheReleaseLooksResolvable(String versions, String open, String auths, Outcome outcome) {
        ServiceSpec service = new ServiceSpec(
                "http://svc",
                false,
                "",
                "",
                new Secret("{\"auths\":" + json(auths) + "}"),
                "quay.io/ocp/release:4.18.52-x86_64",
                "4.18",
                "a.b",
                "");

        Finding finding = ServiceChecks.release(
                service,
                Answer.of(200, json(versions), Optional.empty()),
                new ServiceInstallation("a/b", Map.of(Setting.PUBLIC_CONTAINER_REGISTRIES, open), ""));

        assertThat(finding.outcome()).isEqualTo(outcome);
    }

    @Test
    void namesAnAgentThatIsNotTheServices() {
        Answer versions = Answer.of(200, VERSIONS, Optional.empty());

        assertThat(ServiceChecks.agentVersion(service(""), versions)).isEmpty();
        assertThat(ServiceChecks.agentVersion(service("quay.io/agent:1"), versions))
                .isEmpty();
        assertThat(ServiceChecks.agentVersion(service("quay.io/agent:2"), versions))
                .hasValueSatisfying(finding -> assertThat(finding.found())
                        .contains("agentImage quay.io/agent:2, the service expects quay.io/agent:1"));
        assertThat(ServiceChecks.agentVersion(service(""), Answer.of(200, "{}", Optional.empty())))
                .hasValueSatisfying(finding -> assertThat(finding.outcome()).isEqualTo(Outcome.FAILURE));
    }

    @Test
    void aServiceThatIsNoneIsOneLine() {
        assertThat(ServiceChecks.of(
                        service(""),
                        ServiceFacts.unasked("the CA bundle '/nowhere' cannot be read"),
                        ServiceInstallation.unread("")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .isEqualTo("cannot be asked: the CA bundle '/nowhere' cannot be read;"
                                + " correct serviceEndpoint or caFile in the service config"));
    }

    private static String json(String text) {
        return text.replace('^', '"');
    }

    private static Answer answer(int status) {
        return status == 0 ? Answer.none("nobody listens there") : Answer.of(status, VERSIONS, Optional.empty());
    }

    private static ServiceSpec service(String agentImage) {
        return new ServiceSpec(
                "http://svc",
                false,
                "",
                "",
                new Secret("{\"auths\":{}}"),
                "quay.io/r:4.18.1",
                "4.18",
                "a.b",
                agentImage);
    }
}
