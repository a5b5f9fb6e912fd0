package io.assistedswarm.coordinator.report;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.UserShares;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of one user's clusters.
 *
 * @param clusters number of them
 * @param hosts number of their hosts
 * @param phases number of his clusters by phase label
 */
public record UserReport(String name, int weight, int clusters, long hosts, Map<String, Integer> phases) {
    private static final String LASTS = """
            select cluster, phase from (
              select cluster, phase, row_number() over (partition by cluster order by id desc) as from_last
              from lives where kind = 'cluster') as numbered
            where from_last = 1
            """;

    /**
     * Reads the table {@code lives} of the session.
     *
     * @return in the order of the service config; empty where nobody is told apart
     */
    static List<UserReport> read(Connection connection, SwarmId swarm, ServiceSpec service, List<ClusterSpec> clusters)
            throws SQLException {
        List<ServiceUser> users = service.auth().users();
        if (users.isEmpty()) {
            return List.of();
        }
        UserShares shares = service.shares();
        Map<String, Map<ClusterPhase, Integer>> phases = new LinkedHashMap<>();
        users.forEach(user -> phases.put(user.name(), new EnumMap<>(ClusterPhase.class)));
        try (PreparedStatement select = connection.prepareStatement(LASTS);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                phases.get(shares.nameOf(new ClusterId(swarm, row.getInt("cluster"))))
                        .merge(ClusterPhase.valueOf(row.getString("phase")), 1, Integer::sum);
            }
        }
        return users.stream()
                .map(user -> of(
                        user,
                        clusters.stream()
                                .filter(cluster -> shares.nameOf(cluster.id()).equals(user.name()))
                                .toList(),
                        phases.get(user.name())))
                .toList();
    }

    private static UserReport of(ServiceUser user, List<ClusterSpec> his, Map<ClusterPhase, Integer> phases) {
        int known = phases.values().stream().mapToInt(Integer::intValue).sum();
        if (known < his.size()) {
            phases.merge(ClusterPhase.PENDING, his.size() - known, Integer::sum);
        }
        Map<String, Integer> labelled = new LinkedHashMap<>();
        phases.forEach((phase, count) -> labelled.put(phase.label(), count));
        return new UserReport(
                user.name(),
                user.weight(),
                his.size(),
                his.stream().mapToLong(ClusterSpec::hostCount).sum(),
                labelled);
    }
}
