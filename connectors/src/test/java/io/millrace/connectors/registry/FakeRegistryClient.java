package io.millrace.connectors.registry;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.registry.internal.RegistryClient;

/** A registry in memory that can be away for a number of requests. */
public final class FakeRegistryClient implements RegistryClient {
    private final List<String> schemas = new ArrayList<>();
    private int requests;
    private int outage;

    /** A registry in front of this client. */
    public SchemaRegistry registry(String... settings) {
        RegistryConfig config =
                RegistryConfig.at("http://fake").with("backoff.initial.ms", "1").with("backoff.max.ms", "2");
        for (int i = 0; i < settings.length; i += 2) {
            config = config.with(settings[i], settings[i + 1]);
        }
        return new SchemaRegistry(config, this, Clock.systemUTC());
    }

    /** A registry in front of this client whose time is told by the clock. */
    SchemaRegistry registry(RegistryConfig config, Clock clock) {
        return new SchemaRegistry(config, this, clock);
    }

    /** Puts a schema in without asking; gives its id. */
    public int put(String schema) {
        int at = schemas.indexOf(schema);
        if (at < 0) {
            schemas.add(schema);
            return schemas.size();
        }
        return at + 1;
    }

    /** Is away for this many requests from now. */
    public void beAwayFor(int number) {
        outage = number;
    }

    /** Requests so far, those of outages included. */
    public int requests() {
        return requests;
    }

    List<String> schemas() {
        return schemas;
    }

    private void request() throws NotAnswering {
        requests++;
        if (outage > 0) {
            outage--;
            throw new NotAnswering("away", null);
        }
    }

    @Override
    public int register(String subject, String schema) throws NotAnswering {
        request();
        return put(schema);
    }

    @Override
    public int lookUp(String subject, String schema) throws NotAnswering, Refused {
        request();
        if (!schemas.contains(schema)) {
            throw new Refused("not there", null);
        }
        return schemas.indexOf(schema) + 1;
    }

    @Override
    public String schemaById(int id) throws NotAnswering, Refused {
        request();
        if (id < 1 || id > schemas.size()) {
            throw new Refused("no such id", null);
        }
        return schemas.get(id - 1);
    }

    @Override
    public List<String> incompatibilities(String subject, String schema) {
        return List.of();
    }

    /** A clock set by hand. */
    static final class HandClock extends Clock {
        private Instant now = Instant.EPOCH;

        void advance(java.time.Duration step) {
            now = now.plus(step);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
