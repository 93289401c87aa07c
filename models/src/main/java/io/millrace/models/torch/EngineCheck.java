package io.millrace.models.torch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ai.djl.engine.Engine;

/**
 * Refuses a libtorch that the native binding was not built for, before it is loaded: loading another version does not
 * fail, it crashes the process later.
 *
 * <p>The libtorch in the product's own jar always fits. One named by {@code PYTORCH_LIBRARY_PATH} is read for its
 * version ({@code build-version} of a libtorch archive, {@code version.py} of an installed package); where it tells
 * none, {@code PYTORCH_VERSION} must.
 */
public final class EngineCheck {

    private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+).*", Pattern.DOTALL);
    private static final Pattern PACKAGE = Pattern.compile("__version__\\s*=\\s*'(\\d+\\.\\d+\\.\\d+)[^']*'");
    private static volatile boolean usable;

    private EngineCheck() {}

    /**
     * Checks once a process and loads the engine, without any download.
     *
     * @throws IllegalStateException with one line that says what is wrong and what to set
     */
    public static void requireUsable() {
        if (usable) {
            return;
        }
        synchronized (EngineCheck.class) {
            if (usable) {
                return;
            }
            check(bindingVersion(), EngineCheck::setting);
            if (System.getProperty("ai.djl.offline") == null) {
                System.setProperty("ai.djl.offline", "true");
            }
            String loaded = Engine.getEngine("PyTorch").getVersion();
            if (!loaded.startsWith(bindingVersion())) {
                throw mismatch("the loaded libtorch", loaded, bindingVersion());
            }
            usable = true;
        }
    }

    /** Version of libtorch that the native binding was built for. */
    public static String bindingVersion() {
        try (InputStream in = Thread.currentThread().getContextClassLoader() == null
                ? EngineCheck.class.getResourceAsStream("/jnilib/pytorch.properties")
                : Thread.currentThread().getContextClassLoader().getResourceAsStream("jnilib/pytorch.properties")) {
            if (in == null) {
                throw new IllegalStateException("the PyTorch binding (pytorch-jni) is not on the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            Matcher version = VERSION.matcher(properties.getProperty("jni_version", ""));
            if (!version.matches()) {
                throw new IllegalStateException("the PyTorch binding (pytorch-jni) does not tell its version");
            }
            return version.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The check alone, on settings as the caller gives them. */
    static void check(String binding, UnaryOperator<String> settings) {
        String stated = settings.apply("PYTORCH_VERSION");
        if (stated != null && !stated.startsWith(binding)) {
            throw mismatch("PYTORCH_VERSION", stated, binding);
        }
        String path = settings.apply("PYTORCH_LIBRARY_PATH");
        if (path == null || path.isBlank()) {
            return;
        }
        for (String part : path.split(java.io.File.pathSeparator)) {
            Path folder = Path.of(part);
            if (Files.isRegularFile(folder)) {
                folder = folder.toAbsolutePath().getParent();
            }
            if (!Files.isDirectory(folder)) {
                throw new IllegalStateException("PYTORCH_LIBRARY_PATH names " + part + ", which is not there");
            }
            Optional<String> version = versionOf(folder.toAbsolutePath().normalize());
            if (version.isPresent() && !version.get().equals(binding)) {
                throw mismatch("libtorch in " + part, version.get(), binding);
            }
            if (version.isEmpty() && stated == null) {
                throw new IllegalStateException("libtorch in " + part
                        + " does not tell its version: set PYTORCH_VERSION to it; this build needs " + binding);
            }
        }
    }

    private static Optional<String> versionOf(Path folder) {
        for (Path place = folder;
                place != null && place.getNameCount() + 1 >= folder.getNameCount();
                place = place.getParent()) {
            Optional<String> version = first(place.resolve("build-version"), VERSION);
            if (version.isEmpty()) {
                version = first(place.resolve("version.py"), PACKAGE);
            }
            if (version.isPresent()) {
                return version;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> first(Path file, Pattern pattern) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Matcher matcher = pattern.matcher(Files.readString(file));
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static IllegalStateException mismatch(String what, String found, String needed) {
        return new IllegalStateException(what + " is version " + found + ", this build needs PyTorch " + needed
                + ": point PYTORCH_LIBRARY_PATH at that version or unset it");
    }

    private static String setting(String key) {
        String value = System.getenv(key);
        return value == null || value.isBlank() ? System.getProperty(key) : value;
    }
}
