package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.series.Scrape;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What was read from the service's page while swarms ran, in the record. */
final class ScrapeTable {
    private ScrapeTable() {}

    /** Nothing of a swarm that was forgotten meanwhile. */
    static void write(Connection connection, Change.MetricsScraped scraped) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into scrapes (swarm, at_micros, scrape) select id, ?, ? from swarms where id = ?")) {
            insert.setLong(1, RunRecord.micros(scraped.scrape().at()));
            insert.setString(2, SwarmTables.json(scraped.scrape()));
            insert.setString(3, scraped.swarm().value());
            insert.executeUpdate();
        }
    }

    /** In the order of time. */
    static List<Scrape> scrapes(Connection connection, SwarmId swarm) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select scrape from scrapes where swarm = ? order by at_micros")) {
            select.setString(1, swarm.value());
            List<Scrape> scrapes = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    scrapes.add(SwarmTables.parse(row.getString(1), Scrape.class));
                }
            }
            return scrapes;
        }
    }
}
