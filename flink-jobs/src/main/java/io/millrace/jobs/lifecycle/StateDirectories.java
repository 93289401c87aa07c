package io.millrace.jobs.lifecycle;

import java.io.IOException;
import java.net.URI;

import io.millrace.jobs.config.ConfigurationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;
import org.apache.flink.core.plugin.PluginUtils;

/** The directories for state of a job, tried before the job starts. */
public final class StateDirectories {
    private StateDirectories() {}

    /** Makes Flink's file system plugins known to this process: those in the folder that FLINK_PLUGINS_DIR names. */
    public static void loadFileSystems(Configuration options) {
        FileSystem.initialize(options, PluginUtils.createPluginManagerFromRootFolder(options));
    }

    /**
     * Refuses what is no directory that this process can write to.
     *
     * @throws ConfigurationException naming the key and what is wrong
     */
    public static void check(StateFolders folders) {
        check("flink.checkpoint-directory", folders.checkpoints());
        check("flink.savepoint-directory", folders.savepoints());
    }

    private static void check(String key, String folder) {
        checkForm(key, folder);
        try {
            Path path = new Path(folder);
            if (!path.getFileSystem().mkdirs(path)) {
                throw new ConfigurationException(key + ": " + folder + " cannot be made: another file is in the way");
            }
        } catch (UnsupportedFileSystemSchemeException unknown) {
            throw new ConfigurationException(key + ": no file system for the scheme "
                    + URI.create(folder).getScheme()
                    + "; FLINK_PLUGINS_DIR names the folder of Flink's file system plugins");
        } catch (IOException refused) {
            throw new ConfigurationException(key + ": " + folder + " cannot be made: " + Causes.of(refused));
        }
    }

    /**
     * Refuses what is no URI with a scheme.
     *
     * @throws ConfigurationException naming the key
     */
    public static void checkForm(StateFolders folders) {
        checkForm("flink.checkpoint-directory", folders.checkpoints());
        checkForm("flink.savepoint-directory", folders.savepoints());
    }

    private static void checkForm(String key, String folder) {
        try {
            if (URI.create(folder).getScheme() != null) {
                return;
            }
        } catch (IllegalArgumentException noUri) {
            // told as the rest
        }
        throw new ConfigurationException(
                key + " must be a URI with a scheme, such as file:///var/lib/millrace, got " + folder);
    }
}
