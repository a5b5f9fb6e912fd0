package io.assistedswarm.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The exchanges of a run, cut into what is ordered in itself: an agent's polls, an installer's calls, and the parallel loops of the
 * controller. How often a waiting program asked is left out, since that is a matter of timing.
 */
public final class Strands {
    private static final String WITH_HOSTS = "?exclude-hosts=false";
    private static final String WITHOUT_HOSTS = "?exclude-hosts=true";
    private final Map<String, List<String>> strands = new TreeMap<>();

    private Strands() {}

    public static Map<String, List<String>> of(List<Exchange> exchanges) {
        Map<String, List<Exchange>> bySender = new LinkedHashMap<>();
        for (Exchange exchange : exchanges) {
            bySender.computeIfAbsent(exchange.sender(), sender -> new ArrayList<>())
                    .add(exchange);
        }
        Strands strands = new Strands();
        bySender.forEach((sender, sent) -> {
            if (sender.equals("controller")) {
                strands.cutController(sent);
            } else if (sender.endsWith("agent")) {
                strands.cutAgent(sender, sent);
            } else {
                strands.cutInstaller(sender, sent);
            }
        });
        return strands.strands;
    }

    /** Of a recording of the real programs, without what is known to differ in those that play them (docs/stand-ins.md). */
    public static Map<String, List<String>> expected(String recording) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        for (Exchange e : Recording.read(recording).exchanges()) {
            // The recorded machine had no DMI tables, about which its inventory complained on stderr.
            String body =
                    e.what().equals("inventory") ? e.body().replace("{error:string,output:", "{output:") : e.body();
            exchanges.add(new Exchange(e.sender(), e.method(), e.path(), e.headers(), e.requestId(), e.what(), body));
        }
        return of(exchanges);
    }

    /** Of those that play them. */
    public static Map<String, List<String>> played(List<Exchange> exchanges) {
        return of(exchanges.stream().filter(e -> !wasLostInTheRecording(e)).toList());
    }

    /** A runner may leave on its marker before it has answered the install step; those that play it leave after 2 s without. */
    public static List<String> withoutLastReply(List<String> calls) {
        return calls.stream()
                .map(call -> call.replaceFirst("\\[POST \\S+/instructions .* install \\{.*]$", "[]"))
                .toList();
    }

    /** The real runner of this host did so; those that play it rarely do. */
    private static boolean wasLostInTheRecording(Exchange exchange) {
        return exchange.isStepReply()
                && exchange.what().equals("install")
                && exchange.sender().equals("host-2 agent");
    }

    private static Collection<List<Exchange>> byRequestId(List<Exchange> exchanges) {
        Map<String, List<Exchange>> groups = new LinkedHashMap<>();
        for (Exchange exchange : exchanges) {
            groups.computeIfAbsent(exchange.requestId(), id -> new ArrayList<>())
                    .add(exchange);
        }
        return groups.values();
    }

    /** A line a poll: the replies to the steps of one poll are not ordered. */
    private void cutAgent(String sender, List<Exchange> sent) {
        List<String> lines = new ArrayList<>();
        for (List<Exchange> poll : byRequestId(sent)) {
            List<String> replies =
                    poll.stream().skip(1).map(Exchange::call).sorted().toList();
            lines.add(poll.get(0).call() + replies);
        }
        strands.put(sender, lines);
    }

    private void cutInstaller(String sender, List<Exchange> sent) {
        List<Exchange> ordered = new ArrayList<>();
        List<String> looks = new ArrayList<>();
        for (Exchange exchange : sent) {
            boolean repeated = exchange.path().contains("/hosts?role=")
                    && ordered.stream().anyMatch(earlier -> earlier.path().equals(exchange.path()));
            if (exchange.path().endsWith(WITH_HOSTS)) {
                // Two loops look at the hosts independently of each other.
                looks.add(exchange.call());
            } else if (!repeated) {
                ordered.add(exchange);
            }
        }
        sortNeighboursThatJoined(ordered);
        strands.put(sender, numbered(ordered));
        strands.put(sender + " looking at hosts", looks);
    }

    /** Which of two masters is seen first is chance. */
    private static void sortNeighboursThatJoined(List<Exchange> exchanges) {
        for (int i = 1; i < exchanges.size(); i++) {
            String left = exchanges.get(i - 1).what();
            String right = exchanges.get(i).what();
            if (left.endsWith(": Joined") && right.endsWith(": Joined") && left.compareTo(right) > 0) {
                exchanges.add(i - 1, exchanges.remove(i));
            }
        }
    }

    private void cutController(List<Exchange> sent) {
        List<Exchange> nodes = new ArrayList<>();
        List<Exchange> finalizing = new ArrayList<>();
        List<Exchange> main = new ArrayList<>();
        for (Exchange exchange : sent) {
            if (exchange.path().endsWith(WITH_HOSTS) || exchange.path().endsWith("{host}/progress")) {
                nodes.add(exchange);
            } else if (exchange.path().contains("/logs")
                    || (exchange.path().endsWith(WITHOUT_HOSTS) && exchange.requestId() != null)) {
                main.add(exchange);
            } else {
                finalizing.add(exchange);
            }
        }
        List<String> rounds = new ArrayList<>();
        for (List<Exchange> round : byRequestId(nodes)) {
            if (round.size() > 2) {
                List<String> reports = round.subList(1, round.size() - 1).stream()
                        .map(Exchange::call)
                        .sorted()
                        .toList();
                rounds.add(round.get(0).call()
                        + reports
                        + round.get(round.size() - 1).call());
            }
        }
        strands.put("controller nodes", rounds);
        strands.put("controller finalizing", withoutRepetitions(numbered(finalizing)));
        strands.put("controller main", withoutRepetitions(numbered(main)));
    }

    /** The calls with request ids numbered as they come, so that sharing one shows. */
    private static List<String> numbered(List<Exchange> exchanges) {
        Map<String, Integer> numbers = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (Exchange exchange : exchanges) {
            String number = exchange.requestId() == null
                    ? "-"
                    : String.valueOf(numbers.computeIfAbsent(exchange.requestId(), id -> numbers.size()));
            lines.add(number + " " + exchange.call());
        }
        return lines;
    }

    private static List<String> withoutRepetitions(List<String> lines) {
        List<String> once = new ArrayList<>();
        for (String line : lines) {
            if (once.isEmpty() || !once.get(once.size() - 1).equals(line)) {
                once.add(line);
            }
        }
        return once;
    }
}
