package io.millrace.jobs.demo;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** What a person sees of a demo, without the broker, registry and cluster that a real one starts. */
@Timeout(60)
class DemoViewTest {
    private final StringWriter out = new StringWriter();
    private final List<String> calls = new ArrayList<>();

    /** A stage that does nothing but what it is told. */
    private final class Puppet implements DemoStage {
        private final String name;
        private String failsIn = "";
        private String problem;
        private String shortfall;

        private Puppet(String name) {
            this.name = name;
        }

        private void does(String what) {
            calls.add(what + " " + name);
            if (what.equals(failsIn)) {
                throw new IllegalStateException("outer", new IllegalStateException(what + " went wrong"));
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start(DemoSite site, Consumer<String> events) {
            does("start");
            events.accept("event of " + name);
        }

        @Override
        public void awaitRunning() {
            does("await");
        }

        @Override
        public void feed() {
            does("feed");
        }

        @Override
        public List<String> introduction() {
            return List.of("comes in: " + name);
        }

        @Override
        public String status() {
            return "status of " + name;
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public void endTraffic() {
            does("end");
        }

        @Override
        public void finish() {
            does("finish");
        }

        @Override
        public List<String> summary() {
            return List.of("summary of " + name);
        }

        @Override
        public String shortfall() {
            return shortfall;
        }

        @Override
        public void close() {
            calls.add("close " + name);
        }
    }

    /** A demo on no site. */
    private static final class Siteless extends Demo {
        private Siteless(Settings settings, Path folder, Consumer<String> events) {
            super(settings, folder, events);
            assertThat(folder).isDirectory();
        }

        @Override
        DemoSite startSite() {
            return null;
        }

        @Override
        public String dashboard() {
            return "http://d";
        }

        @Override
        public String addresses() {
            return "broker b, registry r";
        }
    }

    private final Puppet tea = new Puppet("tea");
    private final Puppet rice = new Puppet("rice");

    private int run(boolean terminal) throws Exception {
        return new DemoView(
                        new Demo.Settings(List.of(tea, rice), List.of(), 0, 1),
                        Duration.ofMillis(1),
                        new PrintWriter(out),
                        terminal,
                        Siteless::new)
                .run();
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    @Test
    void aRunIsToldFromItsStartToItsSummary() throws Exception {
        assertThat(run(false)).isZero();
        assertThat(lines().get(3))
                .matches("Running after \\d+\\.\\d s\\. Dashboard: http://d  \\(broker b, registry r\\)");
        List<String> others = new ArrayList<>(lines());
        others.remove(3);
        assertThat(others)
                .containsExactly(
                        "Starting broker, schema registry, Flink and the jobs: tea, rice ...",
                        "event of tea",
                        "event of rice",
                        "comes in: tea",
                        "comes in: rice",
                        "Running for 0 s; Ctrl-C stops sooner.",
                        "[  0 s] status of tea",
                        "[  0 s] status of rice",
                        "Stopping: letting everything be answered ...",
                        "",
                        "summary of tea",
                        "",
                        "summary of rice");
        assertThat(calls)
                .as("traffic comes when all jobs run, and ends before the first is stopped")
                .containsExactly(
                        "start tea",
                        "start rice",
                        "await tea",
                        "await rice",
                        "feed tea",
                        "feed rice",
                        "end tea",
                        "end rice",
                        "finish tea",
                        "finish rice",
                        "close tea",
                        "close rice");
    }

    @Test
    void aDemoThatDoesNotStartSaysWhyAndLetsGo() throws Exception {
        rice.failsIn = "await";
        assertThat(run(false)).isEqualTo(1);
        assertThat(lines()).last().isEqualTo("The demo did not start: await went wrong");
        assertThat(calls).doesNotContain("feed tea").endsWith("close tea", "close rice");
    }

    @Test
    void aJobThatFailsEndsTheDemoAtOnce() throws Exception {
        rice.problem = "the job is FAILED: boom";
        rice.shortfall = "nothing came out";
        assertThat(run(false)).isEqualTo(1);
        assertThat(lines())
                .contains("summary of tea", "summary of rice")
                .doesNotContain("Stopping: letting everything be answered ...")
                .last()
                .isEqualTo("Failed: rice: the job is FAILED: boom");
        assertThat(calls).doesNotContain("finish rice").endsWith("close tea", "close rice");
    }

    @Test
    void whatIsMissingInTheEndIsAFailure() throws Exception {
        tea.shortfall = "3 flows were not answered";
        rice.shortfall = "nothing came out";
        assertThat(run(false)).isEqualTo(1);
        assertThat(lines()).last().isEqualTo("Failed: tea: 3 flows were not answered");
    }

    @Test
    void aJobThatDoesNotStopIsAFailureWithItsSummary() throws Exception {
        tea.failsIn = "finish";
        assertThat(run(false)).isEqualTo(1);
        assertThat(lines())
                .contains("summary of tea", "summary of rice")
                .last()
                .isEqualTo("Failed: a job did not stop cleanly: finish went wrong");
    }

    @Test
    void onATerminalTheStatusIsWrittenOver() throws Exception {
        assertThat(run(true)).isZero();
        String status = "\u001b[?7l[  0 s] status of tea\n[  0 s] status of rice\u001b[?7h";
        String erased = "\r\u001b[K\u001b[A\u001b[K";
        assertThat(out.toString())
                .contains("Ctrl-C stops sooner.\n" + status + erased + "Stopping: letting everything be answered ...\n")
                .endsWith("answered ...\n\nsummary of tea\n\nsummary of rice\n");
    }
}
