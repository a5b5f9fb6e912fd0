package io.assistedswarm.coordinator.report.files;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.LimitResult;
import io.assistedswarm.coordinator.report.LimitResult.Party;
import io.assistedswarm.coordinator.report.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as a test suite, a test case for each limit, in the form that Surefire writes: a limit that the service breaks is a failure, one
 * that the generator breaks, or that could not be measured, an error. Without limits there is one case, the verdict.
 */
final class JunitFile {
    private JunitFile() {}

    private record Case(String name, Outcome outcome, String message) {}

    private enum Outcome {
        PASSED,
        FAILURE,
        ERROR,
        SKIPPED
    }

    static byte[] xml(Report report, Instant now) throws IOException {
        List<Case> cases = report.limits().isEmpty()
                ? List.of(verdict(report))
                : report.limits().stream().map(JunitFile::of).toList();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
            write(xml, report, cases, now);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
        return bytes.toByteArray();
    }

    private static Case of(LimitResult limit) {
        Outcome broken = limit.party() == Party.SERVICE ? Outcome.FAILURE : Outcome.ERROR;
        return new Case(limit.limit() + ", " + limit.bound(), limit.met() ? Outcome.PASSED : broken, limit.why());
    }

    private static Case verdict(Report report) {
        Outcome outcome = switch (report.verdict()) {
            case PASSED -> Outcome.PASSED;
            case FAILED -> Outcome.FAILURE;
            case NONE, CANCELLED -> Outcome.SKIPPED;
            case INCOMPLETE, NOT_VALID -> Outcome.ERROR;
        };
        String reasons = report.verdict() == Verdict.NONE
                ? "the swarm is not over"
                : report.verdict().label() + ": " + String.join("; ", report.verdictReasons());
        return new Case("every cluster ends as it is to", outcome, reasons);
    }

    private static void write(XMLStreamWriter xml, Report report, List<Case> cases, Instant now)
            throws XMLStreamException {
        Duration took = Duration.between(report.submittedAt(), report.endedAt().orElse(now));
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", report.swarm());
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", took.toMillis() / 1000.0));
        xml.writeAttribute("tests", String.valueOf(cases.size()));
        xml.writeAttribute("errors", count(cases, Outcome.ERROR));
        xml.writeAttribute("skipped", count(cases, Outcome.SKIPPED));
        xml.writeAttribute("failures", count(cases, Outcome.FAILURE));
        for (Case one : cases) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("name", printable(one.name()));
            xml.writeAttribute("classname", report.swarm());
            xml.writeAttribute("time", "0");
            switch (one.outcome()) {
                case PASSED -> {}
                case FAILURE -> outcome(xml, "failure", "limit broken by the service", one);
                case ERROR -> outcome(xml, "error", "not valid", one);
                case SKIPPED -> {
                    xml.writeEmptyElement("skipped");
                    xml.writeAttribute("message", printable(one.message()));
                }
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static void outcome(XMLStreamWriter xml, String element, String type, Case one) throws XMLStreamException {
        xml.writeStartElement(element);
        xml.writeAttribute("message", printable(one.message()));
        xml.writeAttribute("type", type);
        xml.writeCharacters(printable(one.message()));
        xml.writeEndElement();
    }

    private static String count(List<Case> cases, Outcome outcome) {
        return String.valueOf(
                cases.stream().filter(one -> one.outcome() == outcome).count());
    }

    /** What services say, and what a plan's expressions hold, may have characters that no XML may. */
    private static String printable(String text) {
        return text.replaceAll("[^\\t\\n\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", " ");
    }
}
