package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.record.RunRecord.RecordException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The record's tables. */
final class RecordSchema {
    private static final int SCHEMA_VERSION = 1;

    private RecordSchema() {}

    /** Creates them where they are not there yet. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists schema_version (version int not null)");
            try (ResultSet row = statement.executeQuery("select max(version) from schema_version")) {
                row.next();
                int found = row.getInt(1);
                if (found > SCHEMA_VERSION) {
                    throw new RecordException("the record is of version " + found + ", this coordinator knows "
                            + SCHEMA_VERSION + ": start a newer one, or another --data");
                }
                if (found == SCHEMA_VERSION) {
                    return;
                }
            }
            statement.execute("""
                    create table swarms (
                      id varchar(63) primary key,
                      state varchar(32) not null,
                      verdict varchar(32) not null,
                      verdict_reasons clob not null,
                      runtime varchar(63) not null,
                      submitted_at bigint not null,
                      ended_at bigint,
                      cluster_count int not null,
                      host_count bigint not null,
                      spec clob not null,
                      plan clob not null,
                      deletion clob)""");
            statement.execute("""
                    create table placements (
                      swarm varchar(63) not null references swarms (id),
                      cluster int not null,
                      generation int not null,
                      berth varchar(255) not null,
                      worker varchar(255) not null,
                      first_host int not null,
                      host_count int not null,
                      placed_at bigint not null,
                      primary key (swarm, cluster, generation, first_host))""");
            statement.execute("""
                    create table transitions (
                      id bigint generated always as identity primary key,
                      sender varchar(255) not null,
                      incarnation varchar(255) not null,
                      sequence bigint not null,
                      swarm varchar(63) not null,
                      cluster int not null,
                      host int not null,
                      phase varchar(32) not null,
                      phase_order int not null,
                      reached_at bigint not null,
                      generation int not null,
                      detail varchar not null,
                      failure_side varchar(32),
                      failure_reason varchar,
                      failure_message varchar,
                      unique (sender, incarnation, sequence))""");
            statement.execute("create index transitions_of_swarm on transitions (swarm, cluster, host)");
            statement.execute("insert into schema_version values (" + SCHEMA_VERSION + ")");
        }
    }
}
