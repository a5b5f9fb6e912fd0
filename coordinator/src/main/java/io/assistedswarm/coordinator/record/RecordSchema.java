package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.record.RunRecord.RecordException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The record's tables. */
final class RecordSchema {
    private static final int SCHEMA_VERSION = 3;

    private RecordSchema() {}

    /** Creates what is not there yet; the same statements for H2 and PostgreSQL. */
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
            }
            statement.execute("""
                    create table if not exists swarms (
                      id varchar(63) primary key,
                      state varchar(32) not null,
                      verdict varchar(32) not null,
                      verdict_reasons text not null,
                      runtime varchar(63) not null,
                      submitted_at bigint not null,
                      ended_at bigint,
                      cluster_count int not null,
                      host_count bigint not null,
                      spec text not null,
                      plan text not null,
                      deletion text)""");
            statement.execute("""
                    create table if not exists placements (
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
                    create table if not exists transitions (
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
            statement.execute("alter table placements add column if not exists incarnation int default 0 not null");
            for (String column : List.of(
                    "sealed_pull_secret varchar",
                    "sealed_auth varchar",
                    "holds_released int default 0",
                    "deletion_wanted int default 0",
                    "deletion_forced int default 0",
                    "timetable text",
                    "deleted_at bigint")) {
                statement.execute("alter table swarms add column if not exists " + column);
            }
            statement.execute("alter table transitions add column if not exists stand_in int default 0");
            // Of downloads only.
            statement.execute("alter table transitions add column if not exists bytes bigint");
            statement.execute("alter table transitions add column if not exists took_micros bigint");
            statement.execute("""
                    create table if not exists releases (
                      swarm varchar(63) not null references swarms (id),
                      cluster int not null,
                      primary key (swarm, cluster))""");
            statement.execute("""
                    create table if not exists replacements (
                      swarm varchar(63) not null references swarms (id),
                      fresh int not null,
                      lost int not null,
                      replaced_at bigint not null,
                      primary key (swarm, fresh))""");
            statement.execute("alter table replacements add column if not exists extra int default 0 not null");
            statement.execute("""
                    create table if not exists arrivals (
                      swarm varchar(63) not null references swarms (id),
                      cluster int not null,
                      due_at bigint not null,
                      admitted_at bigint not null,
                      held_micros bigint not null,
                      room_micros bigint not null,
                      primary key (swarm, cluster))""");
            statement.execute("""
                    create table if not exists nodes (
                      kind varchar(32) not null,
                      name varchar(255) not null,
                      address varchar(255) not null,
                      incarnation varchar not null,
                      primary key (kind, name))""");
            statement.execute("""
                    create table if not exists highest_berths (
                      worker varchar(255) primary key,
                      berth varchar(255) not null)""");
            statement.execute("alter table nodes add column if not exists coordinators varchar not null default ''");
            statement.execute("""
                    create table if not exists stages (
                      swarm varchar(63) not null references swarms (id),
                      cluster int not null,
                      host int not null,
                      stage varchar(255) not null,
                      seen_at bigint not null)""");
            // In the order in which they were recorded, as transitions have it from the start.
            statement.execute("alter table stages add column if not exists id bigint generated always as identity");
            statement.execute("create index if not exists stages_in_order on stages (swarm, id)");
            statement.execute("drop index if exists stages_of_swarm");
            statement.execute("""
                    create table if not exists health (
                      node varchar(255) not null,
                      at_micros bigint not null,
                      cpu_wait double precision,
                      stall_micros bigint not null,
                      ahead_micros bigint,
                      round_trip_micros bigint not null)""");
            statement.execute("create index if not exists health_at on health (at_micros)");
            statement.execute("""
                    create table if not exists metrics (
                      swarm varchar(63) not null references swarms (id),
                      position int not null,
                      summary text not null,
                      metric text not null,
                      primary key (swarm, position))""");
            statement.execute("""
                    create table if not exists alerts (
                      swarm varchar(63) not null references swarms (id),
                      position int not null,
                      result text not null,
                      primary key (swarm, position))""");
            statement.execute("""
                    create table if not exists scrapes (
                      swarm varchar(63) not null references swarms (id),
                      at_micros bigint not null,
                      scrape text not null)""");
            statement.execute("""
                    create table if not exists orders (
                      id bigint generated always as identity primary key,
                      swarm varchar(63) not null,
                      name varchar(255) not null,
                      what varchar(32) not null,
                      detail varchar not null,
                      given_at bigint not null)""");
            statement.execute("""
                    create table if not exists drains (
                      worker varchar(255) primary key,
                      move_at bigint)""");
            statement.execute(
                    "create table if not exists last_batch (writer varchar(63) not null, number bigint not null)");
            statement.execute("insert into last_batch select '', 0 where not exists (select 1 from last_batch)");
            statement.execute("create index if not exists scrapes_of_swarm on scrapes (swarm, at_micros)");
            // In the order of writing, so that what is written together touches the same few pages: by cluster and host
            // the file
            // was three times as large.
            statement.execute("create index if not exists transitions_in_order on transitions (swarm, id)");
            statement.execute("drop index if exists transitions_of_swarm");
            statement.execute("insert into schema_version select " + SCHEMA_VERSION
                    + " where not exists (select 1 from schema_version where version = " + SCHEMA_VERSION + ")");
        }
    }
}
