package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.LimitResult.Party;
import io.assistedswarm.coordinator.text.Counted;
import java.util.List;

/** What a plan's limits make of a run that is over. */
public record Ruling(Verdict verdict, List<String> reasons) {
    public Ruling {
        reasons = List.copyOf(reasons);
    }

    /**
     * Where the generator was short, nothing is known of the service, whatever it did. Where something could not be measured, what it did is
     * known all the same.
     *
     * @param ours clusters that the generator lost or failed
     */
    static Ruling of(List<LimitResult> limits, int ours) {
        List<String> shortage = broken(limits, Party.GENERATOR);
        if (!shortage.isEmpty()) {
            return new Ruling(Verdict.NOT_VALID, shortage);
        }
        List<String> failed = broken(limits, Party.SERVICE);
        if (!failed.isEmpty()) {
            return new Ruling(Verdict.FAILED, failed);
        }
        List<String> unknown = broken(limits, Party.MEASUREMENT);
        if (!unknown.isEmpty()) {
            return new Ruling(Verdict.NOT_VALID, unknown);
        }
        return ours > 0
                ? new Ruling(Verdict.INCOMPLETE, List.of(Counted.of(ours, "cluster") + " lost to the generator"))
                : new Ruling(Verdict.PASSED, List.of());
    }

    private static List<String> broken(List<LimitResult> limits, Party party) {
        return limits.stream()
                .filter(limit -> limit.party() == party && !limit.met())
                .map(LimitResult::why)
                .toList();
    }
}
