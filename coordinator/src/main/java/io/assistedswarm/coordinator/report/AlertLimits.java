package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.report.LimitResult.Party;
import io.assistedswarm.coordinator.series.AlertResult;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Alerts in reports; those that decide are limits, which are met when they never fire. */
public final class AlertLimits {
    private static final int LONGEST = 120;
    private static final String WANTED = "never fires";

    private AlertLimits() {}

    /** @param results in the order of the alerts; empty until they have been asked for */
    static List<LimitResult> results(List<Alert> alerts, List<AlertResult> results) {
        List<LimitResult> limits = new ArrayList<>();
        for (int i = 0; i < alerts.size(); i++) {
            if (alerts.get(i).severity().decides()) {
                limits.add(
                        i < results.size()
                                ? of(alerts.get(i), results.get(i))
                                : new LimitResult(
                                        name(alerts.get(i)),
                                        Party.MEASUREMENT,
                                        WANTED,
                                        "not asked yet; that is done at the end of the run",
                                        false));
            }
        }
        return limits;
    }

    private static LimitResult of(Alert alert, AlertResult result) {
        if (result.error().isPresent()) {
            return new LimitResult(
                    name(alert), Party.MEASUREMENT, WANTED, result.error().get(), false);
        }
        return new LimitResult(name(alert), Party.SERVICE, WANTED, fired(result), result.fired() == 0);
    }

    /** In words: whether it fired, when, and of what. */
    static String fired(AlertResult result) {
        if (result.fired() == 0) {
            return "did not fire";
        }
        return "fired for " + result.fired() + (result.fired() == 1 ? " series" : " of its series")
                + result.firstAt()
                        .map(at -> ", first at " + at.truncatedTo(ChronoUnit.SECONDS))
                        .orElse("")
                + result.descriptions().stream()
                        .filter(text -> !text.isBlank())
                        .findFirst()
                        .map(text -> ": " + text)
                        .orElse("");
    }

    /** One that could be asked and did not fire is not. */
    public static boolean isWorthALine(AlertResult result) {
        return result.fired() > 0 || result.error().isPresent();
    }

    public static String said(AlertResult result) {
        return result.error().map(why -> "could not be asked: " + why).orElseGet(() -> fired(result));
    }

    public static String counts(List<AlertResult> results) {
        long fired = results.stream().filter(result -> result.fired() > 0).count();
        long unasked =
                results.stream().filter(result -> result.error().isPresent()).count();
        return fired + " of " + results.size() + " fired"
                + (unasked == 0 ? "" : ", " + unasked + " could not be asked");
    }

    private static String name(Alert alert) {
        String expr = alert.expr().replaceAll("\\s+", " ").strip();
        return alert.severity().label() + " alert: "
                + (expr.length() > LONGEST ? expr.substring(0, LONGEST) + "…" : expr);
    }
}
