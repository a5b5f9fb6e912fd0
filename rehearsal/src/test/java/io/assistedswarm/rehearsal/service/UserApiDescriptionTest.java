package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.rehearsal.service.TestingRecorder.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserApiDescriptionTest {
    private static final String ID = "11111111-2222-4333-8444-555555555555";
    private final UserApiDescription description = new UserApiDescription();

    @Test
    void bothTablesAgree() {
        assertThat(description.contradictions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', emptyValue = "", textBlock = """
            POST  | /v2/clusters                 | {"name":"a","openshift_version":"4.18","pull_secret":"{}"}                     | 201 | ``
            POST  | /v2/clusters                 | {"name":"a","openshift_version":"4.18"}                                        | 201 | pull_secret is missing
            POST  | /v2/clusters                 | ``                                                                             | 400 | name is missing
            POST  | /v2/clusters                 | {"name":"a","openshift_version":"4.18","pull_secret":"{}","api_vip":"1.2.3.4"} | 201 | api_vip is not described
            POST  | /v2/clusters                 | {"name":"a","openshift_version":"4.18","pull_secret":"{}","no_proxy":"*"}      | 201 | no_proxy is not among the fields whose type is known
            POST  | /v2/clusters                 | {"name":1,"openshift_version":"4.18","pull_secret":"{}"}                       | 201 | name is not as described: string
            POST  | /v2/clusters                 | {"name":"a","openshift_version":"4.18","pull_secret":"{}","api_vips":[{"ip":"x"}]} | 201 | api_vips[].ip is not as described: ip
            POST  | /v2/clusters                 | {"name":"a","openshift_version":"4.18","pull_secret":"{}","platform":{}}       | 201 | platform.type is missing
            POST  | /v2/clusters                 | {"name":"a","openshift_version":"4.18","pull_secret":"{}","network_type":"X"}  | 201 | network_type is not as described: OpenShiftSDN
            POST  | /v2/clusters                 | {"name":"a","openshift_version":"4.18","pull_secret":"{}"}                     | 202 | status 202 is not described
            POST  | /v2/cluster                  | {}                                                                             | 201 | POST /v2/cluster is not described
            PUT   | /v2/clusters/ID              | {}                                                                             | 201 | is not described
            GET   | /v2/clusters/ID?with-hosts=1 | ``                                                                             | 200 | ?with-hosts is not among
            GET   | /v2/clusters/ID?exclude-hosts=yes | ``                                                                        | 200 | ?exclude-hosts is not as described: boolean
            POST  | /v2/clusters/ID/actions/install | {}                                                                          | 202 | has a body, and none is described
            """)
    void saysWhatIsNotAsDescribed(String method, String path, String body, int status, String said) {
        String[] parts = path.replace("ID", ID).split("\\?", 2);
        Exchange exchange = new Exchange(method, parts[0], parts.length > 1 ? parts[1] : "", body, status);
        if (said.isEmpty()) {
            assertThat(description.differences(exchange)).isEmpty();
        } else {
            assertThat(description.differences(exchange))
                    .anySatisfy(what -> assertThat(what).contains(said));
        }
    }
}
