package io.millrace.connectors.kafka.internal;

import java.util.ArrayList;
import java.util.List;

import io.millrace.connectors.kafka.internal.SettledTransactions.Fate;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SettledTransactionsTest {

    private final List<String> told = new ArrayList<>();
    private final AbstractAppender listener = new AbstractAppender("listener", null, null, true, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            told.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    };
    private final Logger log = (Logger) LogManager.getLogger(SettledTransactions.class);
    private final Level before = log.getLevel();

    /** A request that remembers what was signalled. */
    private static final class Request implements CommitRequest<KafkaCommittable> {
        private final List<String> signals = new ArrayList<>();

        @Override
        public KafkaCommittable getCommittable() {
            return new KafkaCommittable(7, (short) 0, "job-results-0-11", null);
        }

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable failure) {
            signals.add("known");
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable failure) {
            signals.add("unknown");
        }

        @Override
        public void retryLater() {
            signals.add("retry");
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            signals.add("update");
        }

        @Override
        public void signalAlreadyCommitted() {
            signals.add("already");
        }
    }

    @BeforeEach
    void listen() {
        listener.start();
        log.addAppender(listener);
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        log.removeAppender(listener);
        log.setLevel(before);
    }

    private List<String> whatIsToldOf(Fate fate) {
        Request request = new Request();
        new SettledTransactions("results", id -> id.equals("job-results-0-11") ? fate : null)
                .watched(List.<CommitRequest<KafkaCommittable>>of(request))
                .forEach(watched -> watched.signalFailedWithKnownReason(new IllegalStateException("fenced")));
        assertThat(request.signals).containsExactly("known");
        return told;
    }

    @Test
    void oneThatWasCommittedIsNoLoss() {
        assertThat(whatIsToldOf(Fate.COMMITTED))
                .containsExactly("INFO transaction job-results-0-11 was committed before the restore");
    }

    @Test
    void oneThatTheBrokerEndedIsALoss() {
        assertThat(whatIsToldOf(Fate.ABORTED))
                .singleElement()
                .asString()
                .startsWith("ERROR Results for results are lost");
    }

    @Test
    void oneThatNobodyKnowsOfIsSaidToBeSo() {
        assertThat(whatIsToldOf(Fate.UNKNOWN))
                .singleElement()
                .asString()
                .startsWith("WARN ")
                .contains("fenced");
    }
}
