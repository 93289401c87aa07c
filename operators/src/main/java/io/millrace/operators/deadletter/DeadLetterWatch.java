package io.millrace.operators.deadletter;

import java.io.Serializable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes dead letters on and tells of them in the log, at a level that is on by default: of each reason the first at
 * once, the others in one line a minute. A reason that has not come for a minute begins again with its first.
 */
public final class DeadLetterWatch extends AbstractStreamOperator<DeadLetter>
        implements OneInputStreamOperator<DeadLetter, DeadLetter> {

    /** Where lines go. */
    @FunctionalInterface
    public interface Lines extends Serializable {
        void say(String line);
    }

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterWatch.class);
    private static final long PERIOD = Duration.ofMinutes(1).toMillis();
    private static final int LONGEST_MESSAGE = 300;

    private static final class Run {
        private long untold;
        private DeadLetter latest;
    }

    private final String stage;
    private final Lines lines;
    private transient Map<DeadLetterReason, Run> runs;
    private transient boolean waiting;

    DeadLetterWatch(String stage, Lines lines) {
        this.stage = stage;
        this.lines = lines;
    }

    /** The letters of a stage, watched. */
    public static DataStream<DeadLetter> over(DataStream<DeadLetter> letters, String stage) {
        return letters.transform(
                        "Tell of dead letters",
                        TypeInformation.of(DeadLetter.class),
                        new DeadLetterWatch(stage, line -> LOG.error("{}", line)))
                .uid("tell-of-dead-letters");
    }

    @Override
    public void open() throws Exception {
        super.open();
        runs = new EnumMap<>(DeadLetterReason.class);
        waiting = false;
    }

    @Override
    public void processElement(StreamRecord<DeadLetter> record) {
        DeadLetter letter = record.getValue();
        Run run = runs.get(letter.getReason());
        if (run == null) {
            runs.put(letter.getReason(), new Run());
            lines.say(stage + ": a record is given up, " + described(letter)
                    + "; more of the kind are told of once a minute");
            awaitNextLine();
        } else {
            run.untold++;
            run.latest = letter;
        }
        output.collect(record);
    }

    private void awaitNextLine() {
        if (!waiting) {
            waiting = true;
            long due = getProcessingTimeService().getCurrentProcessingTime() + PERIOD;
            getProcessingTimeService().registerTimer(due, ignored -> {
                waiting = false;
                tell();
                if (!runs.isEmpty()) {
                    awaitNextLine();
                }
            });
        }
    }

    /** One line for each reason of which more have come; one of which none has is done with. */
    private void tell() {
        runs.values().removeIf(run -> run.untold == 0);
        for (Run run : runs.values()) {
            lines.say(stage + ": " + run.untold + " more " + (run.untold == 1 ? "record is" : "records are")
                    + " given up, the latest " + described(run.latest));
            run.untold = 0;
        }
    }

    @Override
    public void finish() throws Exception {
        tell();
        super.finish();
    }

    private static String described(DeadLetter letter) {
        String message = letter.getMessage();
        if (message.length() > LONGEST_MESSAGE) {
            message = message.substring(0, LONGEST_MESSAGE) + "...";
        }
        return letter.getReason()
                + (letter.getTopic() == null
                        ? ""
                        : " (" + letter.getTopic() + "-" + letter.getPartition() + " at offset " + letter.getOffset()
                                + ")")
                + ": " + message.replace('\n', ' ');
    }
}
