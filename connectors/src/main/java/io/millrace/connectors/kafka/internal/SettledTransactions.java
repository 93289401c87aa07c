package io.millrace.connectors.kafka.internal;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what became of a transaction that is to be committed and is not open any more. After a restore the transactions of
 * its checkpoint are committed once more, for the job may have died before that; mostly they had been, which is as it
 * should be. One that the broker has aborted meanwhile is lost, and that must be said. Flink's committer cannot tell the
 * one from the other, and speaks of lost data in both cases; the broker can.
 */
final class SettledTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(SettledTransactions.class);
    private static final int LIMIT_SECONDS = 10;

    /** What became of a transaction. */
    enum Fate {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    /** Asks for what became of a transaction. */
    @FunctionalInterface
    interface Broker {
        Fate fateOf(String transactionalId);
    }

    private final String topic;
    private final Broker broker;

    SettledTransactions(String topic, Broker broker) {
        this.topic = topic;
        this.broker = broker;
    }

    /** Asks the brokers at each question; {@code client}: settings of a client, with {@code bootstrap.servers}. */
    static Broker at(Map<String, Object> client) {
        return transactionalId -> {
            try (Admin admin = Admin.create(client)) {
                return fate(admin.describeTransactions(List.of(transactionalId))
                        .description(transactionalId)
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                        .state());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Fate.UNKNOWN;
            } catch (ExecutionException | TimeoutException | RuntimeException e) {
                LOG.info("no word of transaction {}", transactionalId, e);
                return Fate.UNKNOWN;
            }
        };
    }

    private static Fate fate(TransactionState state) {
        return switch (state) {
            case COMPLETE_COMMIT, PREPARE_COMMIT -> Fate.COMMITTED;
            case COMPLETE_ABORT, PREPARE_ABORT, PREPARE_EPOCH_FENCE -> Fate.ABORTED;
            default -> Fate.UNKNOWN;
        };
    }

    /** The same requests, whose failures are told apart. */
    <T> Collection<Committer.CommitRequest<T>> watched(Collection<Committer.CommitRequest<T>> requests) {
        return requests.stream().<Committer.CommitRequest<T>>map(Watched::new).toList();
    }

    private void tell(String transactionalId, Throwable failure) {
        switch (broker.fateOf(transactionalId)) {
            case COMMITTED -> LOG.info("transaction {} was committed before the restore", transactionalId);
            case ABORTED ->
                LOG.error(
                        "Results for {} are lost: the broker ended transaction {} before the job came back to commit it,"
                                + " after transaction.timeout.ms or by hand",
                        topic,
                        transactionalId);
            case UNKNOWN ->
                LOG.warn(
                        "Transaction {} for {} is not open any more, and the broker does not say whether it was committed;"
                                + " if the job was away for longer than transaction.timeout.ms, its results are lost: {}",
                        transactionalId,
                        topic,
                        failure.getMessage());
        }
    }

    private final class Watched<T> implements Committer.CommitRequest<T> {
        private final Committer.CommitRequest<T> request;

        Watched(Committer.CommitRequest<T> request) {
            this.request = request;
        }

        @Override
        public T getCommittable() {
            return request.getCommittable();
        }

        @Override
        public int getNumberOfRetries() {
            return request.getNumberOfRetries();
        }

        @Override
        public void signalFailedWithKnownReason(Throwable failure) {
            if (request.getCommittable() instanceof KafkaCommittable transaction) {
                tell(transaction.getTransactionalId(), failure);
            }
            request.signalFailedWithKnownReason(failure);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable failure) {
            request.signalFailedWithUnknownReason(failure);
        }

        @Override
        public void retryLater() {
            request.retryLater();
        }

        @Override
        public void updateAndRetryLater(T committable) {
            request.updateAndRetryLater(committable);
        }

        @Override
        public void signalAlreadyCommitted() {
            request.signalAlreadyCommitted();
        }
    }
}
