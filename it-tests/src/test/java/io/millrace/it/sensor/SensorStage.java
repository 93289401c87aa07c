package io.millrace.it.sensor;

import java.time.Duration;
import java.util.List;

import io.millrace.jobs.config.StartFrom;
import io.millrace.jobs.stage.Stage;
import io.millrace.jobs.stage.StageGraph;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.source.Traced;
import io.millrace.schemas.Topic;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** The smallest stage there is: readings of sensors in, their moving averages out. The README adds it step by step. */
public final class SensorStage implements Stage<SensorConfiguration> {

    static final String NAME = "sensor";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String jobName() {
        return "sensor-averages";
    }

    @Override
    public String summary() {
        return "Averages the readings of each sensor of a Kafka topic.";
    }

    @Override
    public Class<SensorConfiguration> configuration() {
        return SensorConfiguration.class;
    }

    @Override
    public List<Topic<?>> topics() {
        return SensorTopics.all();
    }

    @Override
    public void build(StageGraph graph, SensorConfiguration configuration) {
        int most = configuration.readings();
        SingleOutputStreamOperator<Traced<Reading>> readings =
                graph.readUnordered(SensorTopics.READINGS, StartFrom.EARLIEST, Duration.ofMinutes(5));
        SingleOutputStreamOperator<Average> averages = graph.infer(
                "Average the readings of each sensor",
                "average",
                readings.keyBy(reading -> reading.record.getSensor(), Types.STRING),
                new StageGraph.Network<>(
                        configuration.settings(),
                        new ModelReference("moving-average", Integer.toString(most), "none", ""),
                        (reference, device) -> new MovingAverage(reference.id(), device, most),
                        new SensorMapping()),
                Traced.of(Reading.class),
                TypeInformation.of(Average.class));
        graph.write(averages, SensorTopics.AVERAGES);
    }
}
