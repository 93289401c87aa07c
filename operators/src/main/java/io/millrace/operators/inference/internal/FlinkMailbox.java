package io.millrace.operators.inference.internal;

import java.util.concurrent.RejectedExecutionException;

import org.apache.flink.api.common.operators.MailboxExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mailbox of a Flink task, which is closed when the task ends. */
public record FlinkMailbox(MailboxExecutor executor) implements Mailbox {

    private static final Logger LOG = LoggerFactory.getLogger(FlinkMailbox.class);

    @Override
    public boolean post(Runnable mail, String what) {
        try {
            executor.execute(mail::run, what);
            return true;
        } catch (RejectedExecutionException over) {
            LOG.debug("{} came after the task had ended", what);
            return false;
        }
    }

    @Override
    public void yield() throws InterruptedException {
        executor.yield();
    }
}
