package io.millrace.jobs.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.millrace.connectors.registry.RegistryConfig;
import io.millrace.jobs.kafka.Connection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConnectionOptionsTest {

    @Command(name = "test")
    private static final class Reading {
        @Mixin
        private ConnectionOptions kafka;
    }

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("job.yaml"), """
                kafka:
                  bootstrap: file:9092
                  properties: {security.protocol: SSL, ssl.truststore.location: /t}
                registry:
                  url: http://file
                  properties: {basic.auth.user.info: 'me:secret'}
                intrusion: {disorder: 1s}
                """);
    }

    private static ConnectionOptions parsed(CommandLine line, String... options) {
        line.parseArgs(options);
        Reading command = line.getCommand();
        return command.kafka;
    }

    private static Connection connection(String... options) {
        CommandLine line = new CommandLine(new Reading());
        return parsed(line, options).connection(line.getCommandSpec());
    }

    private static Connection local(String... options) {
        CommandLine line = new CommandLine(new Reading());
        return parsed(line, options).connectionOrLocal(line.getCommandSpec());
    }

    @Test
    void brokersAndRegistryAreThoseNamed() {
        assertThat(connection("--bootstrap", "b:1", "--registry", "http://r"))
                .isEqualTo(new Connection("b:1", Map.of(), RegistryConfig.at("http://r")));
    }

    @Test
    void withoutThemSomeCommandsTakeThisMachine() {
        assertThat(local())
                .isEqualTo(new Connection("localhost:9092", Map.of(), RegistryConfig.at("http://localhost:8081")));
        assertThat(local("--bootstrap", "b:1").registry()).isEqualTo(RegistryConfig.at("http://localhost:8081"));
        assertThatThrownBy(ConnectionOptionsTest::connection)
                .isInstanceOf(ParameterException.class)
                .hasMessage("give --bootstrap HOST:PORT and --registry URL, or --config FILE");
        assertThatThrownBy(() -> connection("--bootstrap", "b:1")).hasMessage("--bootstrap needs --registry URL");
    }

    @Test
    void aFileHasBothWithTheirLogins() {
        Connection connection = connection("--config", file.toString());
        assertThat(connection.bootstrap()).isEqualTo("file:9092");
        assertThat(connection.properties()).containsEntry("security.protocol", "SSL");
        assertThat(connection.registry().basicAuth()).contains("me:secret");
        assertThat(connection.toString()).doesNotContain("secret");
    }

    @Test
    void whatIsGivenGoesBeforeTheFile() {
        Connection connection = connection(
                "--config",
                file.toString(),
                "--bootstrap",
                "b:1",
                "--registry",
                "http://r",
                "--property",
                "security.protocol=PLAINTEXT",
                "--property",
                "client.id=me");
        assertThat(connection.bootstrap()).isEqualTo("b:1");
        assertThat(connection.properties())
                .isEqualTo(
                        Map.of("security.protocol", "PLAINTEXT", "ssl.truststore.location", "/t", "client.id", "me"));
        assertThat(connection.registry().basicAuth()).as("of the file").contains("me:secret");
        assertThat(connection.registry().toString()).contains("http://r");
    }

    @Test
    void aPropertyTakesAVariableOfTheEnvironment() {
        String path = System.getenv("PATH");
        assertThat(connection("--bootstrap", "b:1", "--registry", "http://r", "--property", "client.id=${PATH}")
                        .properties())
                .containsEntry("client.id", path);
        assertThatThrownBy(() -> local("--registry-property", "basic.auth.user.info=${THERE_IS_NO_SUCH_VARIABLE}"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("the environment variable THERE_IS_NO_SUCH_VARIABLE is not set");
    }

    @Test
    void aSettingThatTheRegistryDoesNotHaveIsNamed() {
        assertThatThrownBy(() -> local("--registry-property", "user=me"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("user");
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() throws IOException {
        assertThatThrownBy(() -> connection("--config", folder.resolve("none").toString()))
                .isInstanceOf(ParameterException.class)
                .hasMessage("configuration file " + folder.resolve("none") + " does not exist");
        Files.writeString(file, "kafka: {bootstrap: 'b:1'}\n");
        assertThatThrownBy(() -> connection("--config", file.toString()))
                .hasMessageStartingWith(file + ": registry.url is missing");
    }

    @Test
    void itIsKnownWhatWasGiven() {
        CommandLine line = new CommandLine(new Reading());
        assertThat(parsed(line).mentioned()).isFalse();
        assertThat(parsed(line, "--registry", "http://r").given()).isFalse();
        assertThat(parsed(line, "--registry", "http://r").mentioned()).isTrue();
        assertThat(parsed(line, "--registry-property", "a=b").mentioned()).isTrue();
        assertThat(parsed(line, "--property", "a=b").mentioned()).isTrue();
        assertThat(parsed(line, "--bootstrap", "b:1").given()).isTrue();
        assertThat(parsed(line, "--config", "x").given()).isTrue();
    }
}
