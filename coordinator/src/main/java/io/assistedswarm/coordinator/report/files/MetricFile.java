package io.assistedswarm.coordinator.report.files;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.series.DistinctNames;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.Series;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A metric in the form in which kube-burner keeps them (docs/observability/metrics.md there): a document for each point. */
final class MetricFile {
    private MetricFile() {}

    /** Each metric that has something to keep, by the name of its file. */
    static Map<String, KeptMetric> named(List<KeptMetric> metrics) {
        Map<String, KeptMetric> named = new TreeMap<>();
        DistinctNames names = new DistinctNames();
        for (KeptMetric metric : metrics) {
            if (!metric.series().isEmpty()) {
                named.put("metrics/" + names.of(KeptMetric.fileName(metric.name())) + ".json", metric);
            }
        }
        return named;
    }

    static byte[] json(KeptMetric metric, String swarm) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonMapper().createGenerator(bytes)) {
            json.writeStartArray();
            for (Series series : metric.series()) {
                for (int i = 0; i < series.times().size(); i++) {
                    json.writeRaw("\n");
                    json.writeStartObject();
                    json.writeStringField(
                            "timestamp",
                            Instant.ofEpochMilli(Math.round(series.times().get(i) * 1000))
                                    .toString());
                    json.writeObjectField("labels", series.labels());
                    json.writeNumberField("value", series.values().get(i));
                    json.writeStringField("uuid", swarm);
                    json.writeStringField("query", metric.query());
                    json.writeStringField("metricName", metric.name());
                    json.writeStringField("jobName", swarm);
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
        }
        return bytes.toByteArray();
    }
}
