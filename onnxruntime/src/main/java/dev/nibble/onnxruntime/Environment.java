package dev.nibble.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;

import dev.nibble.engine.EngineOptions;
import dev.nibble.error.NibbleException;

/** The one environment that all sessions share, loaded with its native library when first used. */
final class Environment {
    /**
     * Whatever ONNX Runtime would log as an error it also throws; its warnings are not for users of
     * Nibble.
     */
    private static final OrtLoggingLevel QUIET = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;

    private Environment() {}

    private static final class Holder {
        static final OrtEnvironment SHARED = create();

        private static OrtEnvironment create() {
            OrtEnvironment environment = OrtEnvironment.getEnvironment(QUIET, "nibble");
            try {
                // on by default in Microsoft's builds for Windows
                environment.setTelemetry(false);
            } catch (OrtException cause) {
                throw new IllegalStateException("telemetry cannot be switched off", cause);
            }
            return environment;
        }
    }

    static OrtEnvironment shared() {
        try {
            return Holder.SHARED;
        } catch (LinkageError cause) {
            throw new NibbleException(
                    "ONNX Runtime's native library does not load on %s %s (%s); it is built for Linux (x64, arm64), macOS (arm64) and Windows (x64), and needs room for some 30 MB in the temporary folder %s"
                            .formatted(
                                    System.getProperty("os.name"),
                                    System.getProperty("os.arch"),
                                    cause.getMessage(),
                                    System.getProperty("java.io.tmpdir")),
                    cause);
        }
    }

    /**
     * Sequential and reproducible; the arena and memory patterns stay as ONNX Runtime has them by
     * default.
     */
    static SessionOptions options(EngineOptions wanted) throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setInterOpNumThreads(1);
        options.setIntraOpNumThreads(wanted.threads());
        options.setOptimizationLevel(
                wanted.optimize()
                        ? SessionOptions.OptLevel.ALL_OPT
                        : SessionOptions.OptLevel.NO_OPT);
        options.setSessionLogLevel(QUIET);
        // waiting threads would burn the processor that the lab's other workers need
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }
}
