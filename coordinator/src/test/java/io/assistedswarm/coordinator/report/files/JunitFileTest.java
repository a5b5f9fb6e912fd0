package io.assistedswarm.coordinator.report.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.Samples;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.LimitResult;
import io.assistedswarm.coordinator.report.LimitResult.Party;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Report.StandIns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.TestSuiteXmlParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xml.sax.SAXException;

/** Read as Surefire reads its own. */
class JunitFileTest {
    private static final LimitResult MET =
            new LimitResult("clusters that are installed", Party.SERVICE, "at least 95%", "100% (7 of 7)", true);
    private static final LimitResult SLOW = new LimitResult(
            "p95 of hosts, booted → registered", Party.SERVICE, "at most 30.0 s", "41.2 s <of 37>", false);
    private static final LimitResult LATE =
            new LimitResult("starts that come late", Party.GENERATOR, "at most 5%", "12% (3 of 25)", false);
    private static final LimitResult UNKNOWN = new LimitResult(
            "alert \"up\"\u0001 == 0", Party.MEASUREMENT, "never fires", "it says \u001b[31mno\u0000 🙁", false);

    @Test
    void aLimitOfTheServiceFailsAndWhatSaysNothingOfItIsAnError() throws Exception {
        ReportTestSuite suite = read(report(Verdict.FAILED, List.of("x"), MET, SLOW, LATE, UNKNOWN));

        assertThat(suite.getFullClassName()).isEqualTo("night");
        assertThat(suite.getTimeElapsed()).isEqualTo(300);
        assertThat(suite.getNumberOfTests()).isEqualTo(4);
        assertThat(suite.getNumberOfFailures()).isEqualTo(1);
        assertThat(suite.getNumberOfErrors()).isEqualTo(2);
        assertThat(suite.getNumberOfSkipped()).isZero();
        assertThat(suite.getTestCases())
                .satisfiesExactly(
                        met -> {
                            assertThat(met.isSuccessful()).isTrue();
                            assertThat(met.getName()).isEqualTo("clusters that are installed, at least 95%");
                            assertThat(met.getFullClassName()).isEqualTo("night");
                        },
                        slow -> {
                            assertThat(slow.hasFailure()).isTrue();
                            assertThat(slow.getFailureType()).isEqualTo("limit broken by the service");
                            assertThat(slow.getFailureMessage())
                                    .isEqualTo(
                                            "p95 of hosts, booted → registered: 41.2 s <of 37>, at most 30.0 s is wanted");
                            assertThat(slow.getFailureDetail()).isEqualTo(slow.getFailureMessage());
                        },
                        late -> {
                            assertThat(late.hasError()).isTrue();
                            assertThat(late.getFailureType()).isEqualTo("not valid");
                            assertThat(late.getFailureMessage()).contains("12% (3 of 25)");
                        },
                        unknown -> {
                            assertThat(unknown.hasError()).isTrue();
                            assertThat(unknown.getName())
                                    .as("without what no XML may have")
                                    .isEqualTo("alert \"up\"  == 0, never fires");
                            assertThat(unknown.getFailureMessage())
                                    .isEqualTo("alert \"up\"  == 0: it says  [31mno  🙁, never fires is wanted");
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PASSED     | 0 | 0 | 0 |",
                "FAILED     | 1 | 0 | 0 | failed: 1 of 3 failed; 1 of 3 lost",
                "INCOMPLETE | 0 | 1 | 0 | incomplete: 1 of 3 failed; 1 of 3 lost",
                "NOT_VALID  | 0 | 1 | 0 | not valid: 1 of 3 failed; 1 of 3 lost",
                "CANCELLED  | 0 | 0 | 1 | cancelled: 1 of 3 failed; 1 of 3 lost",
                "NONE       | 0 | 0 | 1 | the swarm is not over"
            })
    void withoutLimitsTheVerdictIsTheOneCase(Verdict verdict, int failures, int errors, int skipped, String message)
            throws Exception {
        ReportTestSuite suite = read(report(verdict, List.of("1 of 3 failed", "1 of 3 lost")));

        assertThat(suite.getNumberOfTests()).isEqualTo(1);
        assertThat(suite.getNumberOfFailures()).isEqualTo(failures);
        assertThat(suite.getNumberOfErrors()).isEqualTo(errors);
        assertThat(suite.getNumberOfSkipped()).isEqualTo(skipped);
        ReportTestCase only = suite.getTestCases().getFirst();
        assertThat(only.getName()).isEqualTo("every cluster ends as it is to");
        assertThat(only.getFailureMessage()).isEqualTo(message);
        assertThat(suite.getTimeElapsed())
                .as("until its end, else until now")
                .isEqualTo(verdict == Verdict.NONE ? 60 : 300);
    }

    private static ReportTestSuite read(Report report) throws IOException, ParserConfigurationException, SAXException {
        byte[] xml = JunitFile.xml(report, Samples.after(60));
        TestSuiteXmlParser parser = new TestSuiteXmlParser(new NullConsoleLogger());
        List<ReportTestSuite> suites =
                parser.parse(new InputStreamReader(new ByteArrayInputStream(xml), StandardCharsets.UTF_8));
        assertThat(parser.isValid()).isTrue();
        assertThat(suites).hasSize(1);
        return suites.getFirst();
    }

    private static Report report(Verdict verdict, List<String> reasons, LimitResult... limits) {
        return new Report(
                "night",
                "hollow",
                Samples.START,
                verdict == Verdict.NONE ? Optional.empty() : Optional.of(Samples.after(300)),
                verdict,
                reasons,
                3,
                3,
                0,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                new StandIns(0, List.of()),
                List.of(limits),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
